import { type LabelScorer, scorePart, scorePartCount } from '../../language/scorers.ts';
import { continuePrefixes } from './continuation.ts';
import { Extension } from './extension.ts';
import { FrameScores, type LabelSet } from './frame-scores.ts';
import { PrefixTrie } from './prefix-trie.ts';
import { PrefixWorths } from './prefix-worths.ts';
import { Prefixes, unborn } from './prefixes.ts';
import { ScorerMemo } from './scorer-memo.ts';

/** Frames between two calls of `checkpoint`. */
const framesPerCheckpoint = 64;

export type PrefixBeamOptions = {
  /** How many prefixes a frame keeps. */
  readonly beamWidth: number;
  /** Prefixes that score this much less than the best, ln, are dropped; by default none. */
  readonly scoreThreshold?: number | undefined;
  /** How many labels a frame has, the likeliest, silence one of them; others are impossible. By default all. */
  readonly labelsPerFrame?: number | undefined;
  /** What labels are worth besides what is heard. */
  readonly scorer?: LabelScorer | undefined;
  /** Called every 64 frames; the search stops where it throws, and then needs a `reset`. */
  readonly checkpoint?: (() => void) | undefined;
};

/** A labelling, and what its score is the sum of; all ln. */
export type PrefixHypothesis = {
  /** Collapsed, without what is silent. */
  readonly labels: Int32Array;
  readonly score: number;
  /** Probability of all paths that collapse to the labelling, of those that the search kept. */
  readonly acoustic: number;
  /** What the scorer says, 0 without one. */
  readonly language: number;
  readonly words: number;
  readonly hotwords: number;
};

/**
 * CTC prefix search with a beam (Graves et al. 2006, section 3.2; Graves 2012, section 7.5; Hannun et al.
 * 2014): of each labelling that paths so far collapse to, the probability of all of them together, those that
 * end in a blank and those that do not apart; after each frame only the `beamWidth` best are kept. With a
 * beam that keeps all it is exact.
 *
 * - A scorer adds what it says to the ln probability, both where prefixes are ranked and in the end.
 * - Among equals that prefix is kept which has been in the beam longer, then the one whose shorter prefix
 *   was, then the one with the lower label: the result depends on emissions and options alone, and not on
 *   how the frames were cut into chunks.
 * - Sums are taken in log space: no emissions are too far apart, and no recording too long.
 */
export class PrefixBeamSearch {
  private readonly labels: number;
  private readonly options: PrefixBeamOptions;
  private readonly frame: FrameScores;
  private readonly extension: Extension;
  private readonly worths: PrefixWorths | undefined;
  private readonly trie = new PrefixTrie();
  private beam = new Prefixes();
  /** Candidates for the next beam. */
  private next = new Prefixes();
  private frames = 0;

  /** Throws `RangeError` on labels or options that make no sense. */
  constructor(labelSet: LabelSet, options: PrefixBeamOptions) {
    checkLabels(labelSet);
    checkOptions(options);
    this.labels = labelSet.labels;
    this.options = options;
    this.frame = new FrameScores(labelSet, options.labelsPerFrame ?? Number.POSITIVE_INFINITY);
    this.extension = new Extension(labelSet.labels, options.beamWidth);
    const { scorer } = options;
    this.worths = scorer && new PrefixWorths(scorer, ScorerMemo.of(scorer, labelSet));
    this.reset();
  }

  /** Goes back to before the first frame. */
  reset(): void {
    const { trie, beam, worths } = this;
    trie.reset();
    trie.slots[0] = 0;
    worths?.reset(trie.capacity);
    beam.count = 1;
    beam.nodes[0] = 0;
    beam.labels[0] = -1;
    beam.blankMasses[0] = 0;
    beam.labelMasses[0] = Number.NEGATIVE_INFINITY;
    beam.masses[0] = 0;
    beam.scores[0] = 0;
    worths?.note(beam, 0);
    this.frames = 0;
  }

  /**
   * Takes in the frames that follow those so far.
   *
   * @param logProbs frames × labels; `[t * labels + k]`; ln, −∞ for what is impossible, no NaN and no +∞
   *
   * Throws `RangeError` unless it is of that shape.
   */
  advance(logProbs: Float32Array | Float64Array, frames: number): void {
    const { labels } = this;
    if (logProbs.length !== frames * labels) {
      throw new RangeError(
        `[PrefixBeamSearch.advance] expected ${frames} frames × ${labels} labels, got ${logProbs.length} numbers`,
      );
    }
    for (let t = 0; t < frames; t++) {
      if (this.frames % framesPerCheckpoint === 0) this.options.checkpoint?.();
      this.frame.read(logProbs, t * labels);
      this.step();
      this.frames++;
    }
  }

  /**
   * The best labellings of the beam, best first: none where nothing is possible. Disturbs nothing.
   *
   * @param ended whether nothing follows; otherwise what the scorer says of that is left out
   */
  hypotheses(count: number, ended = true): PrefixHypothesis[] {
    const { beam } = this;
    const scored = Array.from({ length: beam.count }, (_, slot) => this.partsOf(slot, ended));
    return scored
      .filter(({ score }) => score > Number.NEGATIVE_INFINITY)
      .sort((a, b) => b.score - a.score)
      .slice(0, count)
      .map(({ slot, ...parts }) => ({ labels: this.trie.labelsTo(beam.nodes[slot]!), ...parts }));
  }

  private partsOf(slot: number, ended: boolean) {
    const { beam, worths } = this;
    const acoustic = beam.masses[slot]!;
    if (worths === undefined) {
      return { slot, score: acoustic, acoustic, language: 0, words: 0, hotwords: 0 };
    }
    const node = beam.nodes[slot]!;
    const ending = ended ? worths.end(node) : undefined;
    const part = (index: number) =>
      worths.parts[node * scorePartCount + index]! + (ending === undefined ? 0 : ending[index]!);
    const language = part(scorePart.language);
    const words = part(scorePart.words);
    const hotwords = part(scorePart.hotwords);
    return {
      slot,
      score: acoustic + language + words + hotwords,
      acoustic,
      language,
      words,
      hotwords,
    };
  }

  /** Takes the beam through the frame that was read. */
  private step(): void {
    const { beam, next, trie, frame, extension, worths } = this;
    const { beamWidth, scoreThreshold } = this.options;
    continuePrefixes(beam, next, trie, frame);
    if (worths === undefined) {
      extension.extend(beam, next, frame);
    } else {
      worths.keepInBounds(trie.size, beam);
      for (let i = 0; i < next.count; i++) next.scores[i]! += beam.worths[i]!;
      extension.extendScored(beam, next, frame, worths);
    }
    next.keepBest(beamWidth);
    if (scoreThreshold !== undefined) next.keepWithin(scoreThreshold);
    this.makeRoom();
    this.settle();
  }

  /** Makes room in the trie for the unborn, if need be by forgetting what no prefix leads through. */
  private makeRoom(): void {
    const { beam, next, trie, worths } = this;
    let unbornCount = 0;
    for (let i = 0; i < next.count; i++) if (next.nodes[i] === unborn) unbornCount++;
    if (trie.size + unbornCount <= trie.capacity) return;
    const moved = trie.compact();
    worths?.move(moved);
    for (let i = 0; i < beam.count; i++) beam.nodes[i] = moved[beam.nodes[i]!]!;
    for (let i = 0; i < next.count; i++) {
      if (next.nodes[i] !== unborn) next.nodes[i] = moved[next.nodes[i]!]!;
    }
    // Half of it free at least, or it would soon be full again.
    while (2 * (trie.size + unbornCount) > trie.capacity) trie.grow();
    worths?.reserve(trie.capacity);
  }

  /** Makes the candidates that are left the beam. */
  private settle(): void {
    const { beam, next, trie, worths } = this;
    for (let i = 0; i < beam.count; i++) trie.slots[beam.nodes[i]!] = -1;
    for (let i = 0; i < next.count; i++) {
      let node = next.nodes[i]!;
      if (node === unborn) {
        const parent = beam.nodes[next.sources[i]!]!;
        const label = next.labels[i]!;
        node = trie.find(parent, label);
        if (node < 0) {
          node = trie.add(parent, label);
          worths?.add(node, parent, label);
        }
        next.nodes[i] = node;
      }
      worths?.note(next, i);
      trie.slots[node] = i;
    }
    this.beam = next;
    this.next = beam;
  }
}

function checkLabels({ labels, silent, filler }: LabelSet): void {
  if (filler !== undefined && (!(filler >= 0 && filler < labels) || silent.includes(filler))) {
    throw new RangeError(
      `[PrefixBeamSearch] expected a filler among ${labels} labels, not silent, got ${filler}`,
    );
  }
  const isLabel = (label: number) => Number.isInteger(label) && label >= 0 && label < labels;
  if (silent.length > 0 && silent.every(isLabel) && new Set(silent).size === silent.length) return;
  throw new RangeError(
    `[PrefixBeamSearch] expected silent ones among ${labels} labels, each once, got ${silent.join(', ')}`,
  );
}

function checkOptions({ beamWidth, scoreThreshold = 0, labelsPerFrame = 1 }: PrefixBeamOptions) {
  const expect = (holds: boolean, what: string, got: number) => {
    if (!holds) throw new RangeError(`[PrefixBeamSearch] expected ${what}, got ${got}`);
  };
  const isCount = (value: number) => Number.isInteger(value) && value >= 1;
  expect(isCount(beamWidth), 'beamWidth of at least 1', beamWidth);
  expect(scoreThreshold >= 0, 'scoreThreshold of at least 0', scoreThreshold);
  expect(isCount(labelsPerFrame), 'labelsPerFrame of at least 1', labelsPerFrame);
}
