import type { Alphabet } from '../alphabet/alphabet.ts';
import type { DecodeOptions, Decoder } from '../decoding/decoder.ts';
import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import type { Hypothesis } from '../decoding/hypothesis.ts';
import { bestPath } from './best-path.ts';
import { LabellingReader, type ReadingSettings } from './labelling-reader.ts';

/**
 * CTC's best path as a `Decoder`: one hypothesis, of emissions that are log-probabilities of an alphabet's
 * labels. `score` is ln probability of the best path; words, their times and confidences are what
 * `LabellingReader` makes of its labelling.
 */
export class CtcGreedyDecoder implements Decoder {
  readonly name = 'ctc_greedy';
  private readonly alphabet: Alphabet;
  private readonly reader: LabellingReader;

  constructor(alphabet: Alphabet, settings: ReadingSettings = {}) {
    this.alphabet = alphabet;
    this.reader = new LabellingReader(alphabet, settings);
  }

  /** Throws `RangeError` unless the emissions are frames × the alphabet's size. */
  decode(emissions: EmissionMatrix, options: DecodeOptions): Hypothesis[] {
    checkLabels('CtcGreedyDecoder', emissions, this.alphabet.size);
    const { labels, logProb } = bestPath(emissions, this.alphabet.blank);
    const { words, confidence } = this.reader.wordsOf(emissions, labels, options);
    return [
      {
        text: words.map(({ word }) => word).join(' '),
        words,
        confidence,
        score: logProb,
        scoreParts: { acoustic: logProb },
      },
    ];
  }
}

/** Throws `RangeError`, in the caller's name, unless the emissions are frames × labels. */
export function checkLabels(caller: string, emissions: EmissionMatrix, labels: number): void {
  const { frames, units, logProbs } = emissions;
  if (units === labels && logProbs.length === frames * units) return;
  throw new RangeError(
    `[${caller}] expected ${frames} frames × ${labels} labels, got ${units} units in ${logProbs.length} numbers`,
  );
}
