import type { EmissionMatrix } from '../../decoding/emission-matrix.ts';
import { HmmDecoder } from '../../hmm/decoder.ts';
import type { HmmDefinition } from '../../hmm/definition.ts';
import { type DigitString, digitLabels } from '../digits/digit-strings.ts';
import { labelErrorRate } from '../digits/error-rate.ts';

/** Strings to be read with what each state of an HMM makes of their frames. */
export type HeardStrings = {
  readonly strings: readonly DigitString[];
  readonly emissions: readonly EmissionMatrix[];
};

/** What every word costs, in nats, of which the one with the fewest errors on strings to learn from is taken. */
const wordPenalties = [0, -10, -30];

/** Before the cost of a word is chosen. */
export const decoding = {
  wordPenalty: 0,
  fillerPenalty: 0,
  noisePenalty: 0,
  beam: 200,
  posteriorScale: 0.1,
} as const;

/** The label error rate of the best paths through the HMM, whatever scores its states. */
export function errorRateByHmm(
  definition: HmmDefinition,
  { tuning, testing }: { tuning: HeardStrings; testing: HeardStrings },
): number {
  const candidates = wordPenalties.map((wordPenalty) => {
    const decoder = new HmmDecoder({ ...definition, decoding: { ...decoding, wordPenalty } });
    return { decoder, error: errorRate(decoder, tuning) };
  });
  const best = candidates.reduce((most, each) => (each.error < most.error ? each : most));
  return errorRate(best.decoder, testing);
}

function errorRate(decoder: HmmDecoder, { strings, emissions }: HeardStrings): number {
  // Only words are looked at, not their times.
  const options = { frameShiftSeconds: 1, durationSeconds: Number.POSITIVE_INFINITY };
  const heard = emissions.map((each) => {
    const [hypothesis] = decoder.decode(each, options);
    return hypothesis!.words.map(({ word }) => digitLabels.indexOf(word));
  });
  return labelErrorRate(strings, heard);
}
