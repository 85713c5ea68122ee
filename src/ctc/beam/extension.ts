import type { FrameScores } from './frame-scores.ts';
import type { PrefixWorths } from './prefix-worths.ts';
import { type Prefixes, unborn } from './prefixes.ts';

const { NEGATIVE_INFINITY, POSITIVE_INFINITY } = Number;

/**
 * Makes candidates of the beam's prefixes, each one label longer, besides those in `next`. A new prefix has
 * one kind of path: one of the prefix that it is made of, whose last frame says the label; where that is the
 * last label already, one that ended in a blank.
 *
 * Only candidates are kept that are better than what holds the last place in a beam of `width` among all
 * candidates so far: the others cannot come into the next beam.
 */
export class Extension {
  private readonly width: number;
  /** The labels that the frame at hand has to offer, the lowest first. */
  private readonly offers: Int32Array;
  /** Those of them that are enough for the best of the prefixes of which it is known what they may gain. */
  private readonly chances: Int32Array;

  constructor(labels: number, width: number) {
    this.width = width;
    this.offers = new Int32Array(labels);
    this.chances = new Int32Array(labels);
  }

  /** Where nothing but masses counts. */
  extend(beam: Prefixes, next: Prefixes, { logProbs }: FrameScores): void {
    const { count, masses, blankMasses, labels } = beam;
    let threshold = this.firstThreshold(next);
    let best = NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) if (masses[i]! > best) best = masses[i]!;
    // Rounding keeps order: what is not enough for the best prefix is enough for none.
    const { offers } = this;
    let offered = 0;
    let likeliest = NEGATIVE_INFINITY;
    for (let k = 0; k < logProbs.length; k++) {
      const logProb = logProbs[k]!;
      if (best + logProb > threshold) {
        offers[offered++] = k;
        if (logProb > likeliest) likeliest = logProb;
      }
    }
    for (let i = 0; i < count; i++) {
      const mass = masses[i]!;
      if (!(mass + likeliest > threshold)) continue;
      if (next.count + offered > next.capacity) {
        threshold = this.makeRoom(next, offered, threshold);
      }
      const lastLabel = labels[i]!;
      for (let offer = 0; offer < offered; offer++) {
        const label = offers[offer]!;
        const before = label === lastLabel ? blankMasses[i]! : mass;
        const score = before + logProbs[label]!;
        if (score > threshold && !hasHeir(beam, i, label)) propose(next, i, label, score, score);
      }
    }
  }

  /** Where a scorer counts too; the scores in `next` have what it says already. */
  extendScored(
    beam: Prefixes,
    next: Prefixes,
    { logProbs }: FrameScores,
    worths: PrefixWorths,
  ): void {
    const { count, nodes, masses, blankMasses, labels } = beam;
    const { memo } = worths;
    const { offers, chances } = this;
    let threshold = this.firstThreshold(next);
    // What a prefix may gain is known where the scorer says so, or was asked all that may follow it.
    let best = NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const node = nodes[i]!;
      const block = worths.blockOf(node);
      const bound = boundOf(masses[i]!, worths.totals[node]!, memo.mostGains[block]!);
      if (bound > best && bound < POSITIVE_INFINITY) best = bound;
    }
    let offered = 0;
    let chanced = 0;
    let likeliest = NEGATIVE_INFINITY;
    for (let k = 0; k < logProbs.length; k++) {
      const logProb = logProbs[k]!;
      if (logProb === NEGATIVE_INFINITY) continue;
      offers[offered++] = k;
      if (best + logProb > threshold) chances[chanced++] = k;
      if (logProb > likeliest) likeliest = logProb;
    }
    for (let i = 0; i < count; i++) {
      const node = nodes[i]!;
      const mass = masses[i]!;
      const worth = worths.totals[node]!;
      const block = worths.blockOf(node);
      const bound = boundOf(mass, worth, memo.mostGains[block]!);
      if (!(bound + likeliest > threshold)) continue;
      if (next.count + offered > next.capacity) {
        threshold = this.makeRoom(next, offered, threshold);
      }
      // Not so where all of a state was asked only for a prefix earlier in this frame.
      const isBounded = bound <= best;
      const list = isBounded ? chances : offers;
      const listed = isBounded ? chanced : offered;
      const entries = block * memo.labels;
      const { gains } = memo;
      const lastLabel = labels[i]!;
      for (let place = 0; place < listed; place++) {
        const label = list[place]!;
        let gain = gains[entries + label]!;
        if (Number.isNaN(gain)) gain = worths.ask(node, label);
        const before = label === lastLabel ? blankMasses[i]! : mass;
        const heard = before + logProbs[label]!;
        const score = heard + (worth + gain);
        if (score > threshold && !hasHeir(beam, i, label)) propose(next, i, label, heard, score);
      }
    }
  }

  /** What a candidate must exceed: with a full beam of those that stay, the least of them. */
  private firstThreshold({ count, scores }: Prefixes): number {
    if (count < this.width) return NEGATIVE_INFINITY;
    let least = scores[0]!;
    for (let i = 1; i < count; i++) if (scores[i]! < least) least = scores[i]!;
    return least;
  }

  /** Makes room for more candidates and returns what they must exceed from now on. */
  private makeRoom(next: Prefixes, more: number, threshold: number): number {
    let raised = threshold;
    if (next.count >= 2 * this.width) raised = Math.max(threshold, next.keepBest(this.width));
    while (next.count + more > next.capacity) next.grow();
    return raised;
  }
}

/** What a prefix scores at most with one label more, that label's probability aside, however sums are rounded. */
function boundOf(mass: number, worth: number, mostGain: number): number {
  return mass + worth + mostGain + 1e-12 * (1 + Math.abs(mass) + Math.abs(worth));
}

/** Whether the prefix made one label longer is in the beam itself. */
function hasHeir(beam: Prefixes, prefix: number, label: number): boolean {
  const { labels, nextHeirs } = beam;
  let heir = beam.firstHeirs[prefix]!;
  while (heir >= 0 && labels[heir] !== label) heir = nextHeirs[heir]!;
  return heir >= 0;
}

function propose(
  next: Prefixes,
  source: number,
  label: number,
  labelMass: number,
  score: number,
): void {
  const place = next.count++;
  next.nodes[place] = unborn;
  next.labels[place] = label;
  next.sources[place] = source;
  next.blankMasses[place] = NEGATIVE_INFINITY;
  next.labelMasses[place] = labelMass;
  next.masses[place] = labelMass;
  next.scores[place] = score;
}
