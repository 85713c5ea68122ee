import type { Alphabet } from '../alphabet/alphabet.ts';
import type { DecodeOptions, Decoder } from '../decoding/decoder.ts';
import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import type { Hypothesis, HypothesisWord } from '../decoding/hypothesis.ts';
import { bestPath, type LabelRun } from './best-path.ts';
import { labellingProbability } from './labelling-probability.ts';

/**
 * How far a word may reach beyond its first and last spike. CTC marks a label in a frame or two, somewhere
 * inside the sound; half of a short word, or of a short character.
 */
const reachSeconds = { words: 0.15, characters: 0.05 } as const;

/** Label runs that make up one word, printed or not. */
type RunGroup = { readonly runs: readonly LabelRun[]; readonly word: string };

/**
 * CTC's best path as a `Decoder`: one hypothesis, of emissions that are log-probabilities of an
 * alphabet's labels.
 *
 * - `score`: ln probability of the best path.
 * - Times: a word starts at its first label's first frame and ends after its last label's last frame, and
 *   reaches out from there to both sides, up to `reachSeconds` and at most half of the way to the next
 *   word, filler or end of the recording.
 * - Confidence of a word: the product over its labels of the largest probability in the label's run.
 * - Confidence of the hypothesis: the probability of its labelling, all paths together; the filler, which
 *   prints nothing, counts as blank there. 1 for no frames.
 */
export class CtcGreedyDecoder implements Decoder {
  readonly name = 'ctc_greedy';
  private readonly alphabet: Alphabet;

  constructor(alphabet: Alphabet) {
    this.alphabet = alphabet;
  }

  /** Throws `RangeError` unless the emissions are frames × the alphabet's size. */
  decode(emissions: EmissionMatrix, options: DecodeOptions): Hypothesis[] {
    const { alphabet } = this;
    const { frames, units, logProbs } = emissions;
    if (units !== alphabet.size || logProbs.length !== frames * units) {
      throw new RangeError(
        `[CtcGreedyDecoder] expected ${frames} frames × ${alphabet.size} labels, got ${units} units in ${logProbs.length} numbers`,
      );
    }
    const { runs, logProb } = bestPath(emissions, alphabet.blank);
    const words = this.timedWords(this.groupsOf(runs), options);
    const silent = [alphabet.blank, ...(alphabet.filler === undefined ? [] : [alphabet.filler])];
    const labelling = runs.map(({ label }) => label).filter((label) => label !== alphabet.filler);
    return [
      {
        text: words.map(({ word }) => word).join(' '),
        words,
        confidence: labellingProbability(emissions, silent, Int32Array.from(labelling)),
        score: logProb,
        scoreParts: { acoustic: logProb },
      },
    ];
  }

  /** Runs parted into words: each label a word, or the characters between spaces. */
  private groupsOf(runs: readonly LabelRun[]): RunGroup[] {
    const groups: LabelRun[][] = [[]];
    for (const run of runs) {
      if (this.alphabet.kind === 'words') groups.push([run]);
      else if (run.label === this.alphabet.space) groups.push([]);
      else groups.at(-1)!.push(run);
    }
    return groups
      .filter((group) => group.length > 0)
      .map((group) => ({
        runs: group,
        word: this.alphabet.textOf(group.map(({ label }) => label)),
      }));
  }

  private timedWords(groups: readonly RunGroup[], options: DecodeOptions): HypothesisWord[] {
    const { frameShiftSeconds, durationSeconds } = options;
    const reach = reachSeconds[this.alphabet.kind];
    const timeOf = (frame: number) => Math.min(frame * frameShiftSeconds, durationSeconds);
    const spans = groups.map(({ runs }) => ({
      start: timeOf(runs[0]!.firstFrame),
      end: timeOf(runs.at(-1)!.endFrame),
    }));
    const words: HypothesisWord[] = [];
    for (const [index, { runs, word }] of groups.entries()) {
      if (word === '') continue;
      const { start, end } = spans[index]!;
      const before = spans[index - 1];
      const after = spans[index + 1];
      const earliest = before === undefined ? 0 : (before.end + start) / 2;
      const latest = after === undefined ? durationSeconds : (end + after.start) / 2;
      words.push({
        word,
        startSeconds: Math.max(earliest, start - reach),
        endSeconds: Math.min(latest, end + reach),
        confidence: runs.reduce((product, { peak }) => product * peak, 1),
      });
    }
    return words;
  }
}
