import type { Alphabet } from '../alphabet/alphabet.ts';
import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import type { HypothesisWord } from '../decoding/hypothesis.ts';
import { type ForcedPath, forcedPath } from './forced-path.ts';
import { labelOccupancy, type SilentLabels, type Stretch } from './label-occupancy.ts';
import {
  type LabelTimes,
  type MarkedWord,
  unmeasuredReachSeconds,
  type WordSpan,
  wordSpans,
} from './label-times.ts';
import { labellingProbability } from './labelling-probability.ts';
import {
  evenFrames,
  freeOfFiller,
  groupsOf,
  type LabelFrames,
  type LabelGroup,
  near,
  spanOf,
  stretchesAround,
} from './word-stretches.ts';

/** What a model knows of its labels besides their names. */
export type ReadingSettings = {
  /** By default nothing is known of when labels are said. */
  readonly times?: LabelTimes | undefined;
};

export type ReadingOptions = {
  readonly frameShiftSeconds: number;
  readonly durationSeconds: number;
  /** Called now and then; stops the reading by throwing. */
  readonly checkpoint?: (() => void) | undefined;
};

/** A word of a labelling and where its labels were heard. */
export type ReadWord = LabelGroup & {
  readonly word: string;
  /** In [0, 1]. */
  readonly confidence: number;
  /** Frames at the middle of each label; whole numbers are where frames begin. */
  readonly middles: readonly number[];
};

export type ReadLabelling = {
  /** Without the filler, which is not printed. */
  readonly labels: Int32Array;
  /** The likeliest path; undefined where there is none. */
  readonly path: ForcedPath | undefined;
  /** What may stand between labels on it. */
  readonly silent: readonly number[];
  readonly words: readonly ReadWord[];
  /** When each of the words was said. */
  readonly spans: readonly WordSpan[];
};

/** How far around a word's labels the network is asked what else was said there. */
const contextSeconds = 0.3;

/**
 * Words, times and confidences of a labelling, whichever search found it. The filler counts as blank: both
 * print nothing.
 *
 * - Times: the likeliest path through the labelling (`forcedPath`) tells where its words are. Around each, up
 *   to half-way to its neighbours and at most 0.3 s, all paths are weighed (`labelOccupancy`), which gives the
 *   middle of each label; `wordSpans` makes starts and ends of them.
 * - Confidence of a word: the probability, over all paths, that in this stretch the network says this word
 *   and no other.
 * - Confidence of the whole: the probability of its labelling, over all paths through the recording. 1 where
 *   there are no frames and no labels.
 *
 * Both are the network's own, whatever a language model made of them. A labelling that has no path at all has
 * confidences of 0 and its words one after another.
 */
export class LabellingReader {
  private readonly alphabet: Alphabet;
  private readonly silent: SilentLabels;
  private readonly areMeasured: boolean;
  /** labels; seconds from a label's middle to the start of the word that it begins */
  private readonly startOffsets: Float64Array;
  /** labels; seconds from a label's middle to the end of the word that it ends */
  private readonly endOffsets: Float64Array;

  /** Throws `RangeError` where times are of labels that the alphabet does not have. */
  constructor(alphabet: Alphabet, { times }: ReadingSettings = {}) {
    this.alphabet = alphabet;
    const { blank, filler, space, labels } = alphabet;
    const inside = filler === undefined ? [blank] : [blank, filler];
    this.silent = { inside, outside: space === undefined ? inside : [...inside, space] };
    this.areMeasured = times !== undefined;
    const stranger = Object.keys(times?.labels ?? {}).find((label) => !labels.includes(label));
    if (stranger !== undefined)
      throw new RangeError(
        `[LabellingReader] expected times of labels of the alphabet, got ${JSON.stringify(stranger)}`,
      );
    const reach = unmeasuredReachSeconds[alphabet.kind];
    const offsets = labels.map(
      (label) => times?.labels[label] ?? times?.others ?? { start: -reach, end: reach },
    );
    this.startOffsets = Float64Array.from(offsets, ({ start }) => start);
    this.endOffsets = Float64Array.from(offsets, ({ end }) => end);
  }

  /** @param labelling collapsed: no blanks; fillers are left out */
  wordsOf(
    emissions: EmissionMatrix,
    labelling: Int32Array,
    options: ReadingOptions,
  ): { words: HypothesisWord[]; confidence: number } {
    const { labels, words, spans } = this.read(emissions, labelling, options);
    return {
      words: words.map(({ word, confidence }, index) => ({ word, ...spans[index]!, confidence })),
      confidence: labellingProbability(emissions, this.silent.inside, labels, options.checkpoint),
    };
  }

  /** The same with what it rests on, and without the confidence of the whole. */
  read(emissions: EmissionMatrix, labelling: Int32Array, options: ReadingOptions): ReadLabelling {
    const { alphabet } = this;
    const labels = labelling.filter((label) => label !== alphabet.filler);
    const path = forcedPath(emissions, this.silent.inside, labels, options.checkpoint);
    const frames = path ?? evenFrames(labels.length, emissions.frames);
    const groups = groupsOf(labels, alphabet);
    const marks = groups.map((group) => spanOf(group, frames));
    const contexts = this.contextsOf(marks, emissions.frames, options);
    const words = groups.map((group, index) => {
      options.checkpoint?.();
      const own = labels.subarray(group.firstLabel, group.endLabel);
      const occupancy = labelOccupancy(emissions, contexts[index]!, this.silent, own);
      const middles = Array.from(
        own,
        (_, i) => occupancy?.middles[i] ?? middleOf(frames, group.firstLabel + i),
      );
      const confidence = path === undefined ? 0 : (occupancy?.probability ?? 0);
      return { ...group, word: alphabet.textOf(own), confidence, middles };
    });
    const marked = words.map((word, index) => {
      const free = freeOfFiller(emissions, alphabet, marks, index);
      return this.marked(word, labels, free, emissions.frames, options);
    });
    const spans = wordSpans(marked, this.areMeasured);
    return { labels, path, silent: this.silent.inside, words, spans };
  }

  /** The frames in which each word is judged. */
  private contextsOf(marks: readonly Stretch[], frames: number, options: ReadingOptions) {
    const most = Math.ceil(contextSeconds / options.frameShiftSeconds);
    return stretchesAround(marks, frames).map((stretch, index) =>
      near(stretch, marks[index]!, most),
    );
  }

  private marked(
    { middles, firstLabel, endLabel }: ReadWord,
    labels: Int32Array,
    free: Stretch,
    frames: number,
    { frameShiftSeconds, durationSeconds }: ReadingOptions,
  ): MarkedWord {
    const secondsOf = (frame: number) => Math.min(frame * frameShiftSeconds, durationSeconds);
    return {
      firstSeconds: secondsOf(middles[0]!),
      lastSeconds: secondsOf(middles.at(-1)!),
      startOffset: this.startOffsets[labels[firstLabel]!]!,
      endOffset: this.endOffsets[labels[endLabel - 1]!]!,
      earliestSeconds: secondsOf(free.firstFrame),
      // Behind the last frame there can be a rest of the recording that fills none.
      latestSeconds: free.endFrame === frames ? durationSeconds : secondsOf(free.endFrame),
    };
  }
}

function middleOf({ firstFrames, endFrames }: LabelFrames, label: number): number {
  return (firstFrames[label]! + endFrames[label]!) / 2;
}
