import type { AcousticModel } from '../../acoustic/acoustic-model.ts';
import { HmmDecoder } from '../../hmm/decoder.ts';
import type { HmmDefinition } from '../../hmm/definition.ts';
import type { DevScores, DevSets } from '../dev-sets.ts';
import type { HmmTrainingConfiguration } from './configuration.ts';

type Decoding = HmmDefinition['decoding'];

/** Penalties and how the dev sets fared with them. */
export type TriedDecoding = { readonly decoding: Decoding; readonly scores: DevScores };

/**
 * Decodes the dev sets with every combination of the penalties that the configuration wants tried, or with
 * its own alone. The emissions are computed once, by the graph that will be served.
 * @returns best first
 */
export async function tuneDecoding(
  model: AcousticModel,
  definitionOf: (decoding: Decoding) => HmmDefinition,
  { decoding, tune }: Pick<HmmTrainingConfiguration, 'decoding' | 'tune'>,
  devSets: DevSets,
): Promise<TriedDecoding[]> {
  const candidates = combinations(decoding, tune);
  const decoders = candidates.map((candidate) => new HmmDecoder(definitionOf(candidate)));
  const scores = await devSets.evaluate(model, decoders);
  return candidates
    .map((candidate, index) => ({ decoding: candidate, scores: scores[index]! }))
    .sort((a, b) => a.scores.score - b.scores.score);
}

function combinations(decoding: Decoding, tune: HmmTrainingConfiguration['tune']): Decoding[] {
  if (tune === undefined) return [decoding];
  let candidates = [decoding];
  for (const [name, values] of Object.entries(tune))
    candidates = candidates.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  return candidates;
}
