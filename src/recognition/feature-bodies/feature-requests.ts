import type { FeatureMatrix } from '../../features/feature-matrix.ts';
import type { FeatureKind } from '../passes.ts';
import type {
  EmissionsOptions,
  EnvelopeSchemas,
  FeatureComparisonOptions,
  TranscriptionOptions,
} from '../request-options.ts';
import { parseRequest } from '../validation.ts';
import type { BinaryFeatures, TaskOf } from '../worker-protocol.ts';
import type { FeatureDemands } from './checks.ts';
import { type MatrixField, parseJsonFeatures, splitJsonBody } from './json.ts';
import { parseNpyFeatures } from './npy.ts';
import { parseRawFeatures } from './raw.ts';

/**
 * Reads a posted matrix, once it is known which model it is for.
 * @throws SoriError invalid_features | too_many_frames
 */
export type MatrixReader = (demands: FeatureDemands) => FeatureMatrix;

type FeatureTask<Kind extends 'transcription' | 'comparison' | 'emissions'> = Exclude<
  TaskOf<Kind>,
  { encoding: 'recording' }
>;

/**
 * The options of a transcription of features, and how to read them.
 * @throws SoriError invalid_request
 */
export function transcriptionParts(
  task: FeatureTask<'transcription'>,
  schemas: EnvelopeSchemas,
): { readonly options: TranscriptionOptions; readonly reader: MatrixReader } {
  if (task.encoding !== 'json') return { options: task.options, reader: binaryReader(task) };
  const { envelope, readers } = jsonReaders(task.bytes, ['features']);
  const { features: _, ...options } = parseRequest(schemas.transcription, envelope);
  return { options, reader: readers.get('features')! };
}

/**
 * The options of a comparison on features, and how to read those of each kind.
 * @throws SoriError invalid_request
 */
export function comparisonParts(
  task: FeatureTask<'comparison'>,
  schemas: EnvelopeSchemas,
): {
  readonly options: FeatureComparisonOptions;
  readonly readers: ReadonlyMap<FeatureKind, MatrixReader>;
} {
  if (task.encoding !== 'json') {
    const { options } = task;
    return { options, readers: new Map([[options.features_for, binaryReader(task)]]) };
  }
  const { envelope, readers } = jsonReaders(task.bytes, ['features', 'hmm_features']);
  const parsed = parseRequest(schemas.comparison, envelope);
  const { features: _, hmm_features: __, ...options } = parsed;
  const byKind = new Map<FeatureKind, MatrixReader>();
  byKind.set(options.features_for, readers.get('features')!);
  const hmm = readers.get('hmm_features');
  if (hmm !== undefined) byKind.set('hmm', hmm);
  return { options, readers: byKind };
}

/**
 * The options of a request for emissions, and how to read the features.
 * @throws SoriError invalid_request
 */
export function emissionsParts(
  task: FeatureTask<'emissions'>,
  schemas: EnvelopeSchemas,
): {
  readonly options: EmissionsOptions;
  readonly reader: MatrixReader;
} {
  if (task.encoding !== 'json') return { options: task.options, reader: binaryReader(task) };
  const { envelope, readers } = jsonReaders(task.bytes, ['features']);
  const { features: _, ...options } = parseRequest(schemas.emissions, envelope);
  return { options, reader: readers.get('features')! };
}

function binaryReader(task: BinaryFeatures): MatrixReader {
  return (demands) =>
    task.encoding === 'npy'
      ? parseNpyFeatures(task.bytes, demands)
      : parseRawFeatures(task.bytes, task.shape, demands);
}

function jsonReaders(
  bytes: Uint8Array,
  fields: readonly MatrixField[],
): { readonly envelope: unknown; readonly readers: ReadonlyMap<MatrixField, MatrixReader> } {
  const { envelope, matrices } = splitJsonBody(bytes, fields);
  const readers = new Map(
    [...matrices].map(([field, span]): [MatrixField, MatrixReader] => [
      field,
      (demands) => parseJsonFeatures(bytes, span, demands, field),
    ]),
  );
  return { envelope, readers };
}
