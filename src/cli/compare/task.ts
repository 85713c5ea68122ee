import type { DecoderName } from '../../decoding/decoder.ts';
import type { Comparison, Reading } from '../../recognition/comparison.ts';
import type { ModelFolder } from '../../recognition/model-folder.ts';
import { decodersOf } from '../../recognition/passes.ts';
import type { TaskOf } from '../../recognition/worker-protocol.ts';
import { UsageError } from '../failures.ts';
import { comparisonOptionsOf, type SearchFlags } from '../search-flags.ts';

/**
 * The decoders that are to be compared, in the order in which they are named; by default all of the
 * model's.
 * @throws UsageError where that are not two different ones of the model's
 */
export function chooseDecoders(
  { name, manifest }: ModelFolder,
  wanted: readonly string[] | undefined,
): DecoderName[] {
  const known = decodersOf(manifest);
  const decoders =
    wanted === undefined
      ? known
      : [...new Set(wanted)].flatMap((name) => known.filter((decoder) => decoder === name));
  const unknown = wanted?.find((decoder) => !known.some((other) => other === decoder));
  if (unknown !== undefined)
    throw new UsageError(
      `--decoders: expected some of ${known.join(', ')}, which model ${name} has, got ${unknown}`,
    );
  if (decoders.length < 2)
    throw new UsageError(
      `expected two decoders to compare, got ${decoders.join(', ')}; model ${name} has ${known.join(', ')}`,
    );
  return decoders;
}

/**
 * What is asked for each recording that is compared.
 * @param asked what was said, if it is known, and what is asked of the search
 * @throws UsageError where that does not go together
 */
export function comparisonTaskOf(
  model: ModelFolder,
  decoders: readonly DecoderName[],
  asked: SearchFlags & { readonly reference?: string } = {},
): (bytes: Uint8Array) => TaskOf<'comparison'> {
  const { reference } = asked;
  const options = { ...comparisonOptionsOf(decoders, asked), model: model.name, reference };
  return (bytes) => ({ kind: 'comparison', encoding: 'recording', options, bytes });
}

/**
 * What a decoder made of a recording.
 * @throws Error where it did not read it: of a recording, every decoder can
 */
export function readingOf({ readings }: Comparison, decoder: DecoderName): Reading {
  const reading = readings.find((one) => one.decoder === decoder);
  if (reading === undefined || 'error' in reading)
    throw new Error(`${decoder}: ${reading?.error.message ?? 'did not read the recording'}`);
  return reading;
}
