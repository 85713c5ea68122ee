import type { DecoderName } from '../../decoding/decoder.ts';
import type { ModelFolder } from '../../recognition/model-folder.ts';
import { decodersOf } from '../../recognition/passes.ts';
import type { TaskOf } from '../../recognition/worker-protocol.ts';
import { UsageError } from '../failures.ts';

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
 * @param reference what was said, if it is known
 */
export function comparisonTaskOf(
  model: ModelFolder,
  decoders: readonly DecoderName[],
  reference?: string,
): (bytes: Uint8Array) => TaskOf<'comparison'> {
  const options = { model: model.name, n_best: 1, decoders: [...decoders], reference };
  return (bytes) => ({ kind: 'comparison', encoding: 'recording', options, bytes });
}
