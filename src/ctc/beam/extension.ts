import { mostFavoured } from '../../language/scorers.ts';
import type { FrameScores } from './frame-scores.ts';
import type { PrefixWorths } from './prefix-worths.ts';
import { type Prefixes, unborn } from './prefixes.ts';
import type { ScorerMemo } from './scorer-memo.ts';

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
  /** `offers` or `chances`, and besides them what is favoured after a prefix, the lowest first. */
  private readonly wanted: Int32Array;

  constructor(labels: number, width: number) {
    this.width = width;
    this.offers = new Int32Array(labels);
    this.chances = new Int32Array(labels);
    this.wanted = new Int32Array(labels);
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
    const { count, nodes, masses, blankMasses, labels, blocks, lacks } = beam;
    const { memo } = worths;
    const { usualGains, mostGains, favouredCounts, entries } = memo;
    const { offers, chances, wanted } = this;
    let threshold = this.firstThreshold(next);
    // What labels may gain is known where the scorer says so, or was asked about all that may follow.
    let least = POSITIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const lack = lackOf(threshold, masses[i]!, beam.worths[i]!);
      lacks[i] = lack;
      const needed = lack - usualGains[blocks[i]!]!;
      if (needed < least && needed > NEGATIVE_INFINITY) least = needed;
    }
    let offered = 0;
    let chanced = 0;
    let likeliest = NEGATIVE_INFINITY;
    for (let k = 0; k < logProbs.length; k++) {
      const logProb = logProbs[k]!;
      if (logProb === NEGATIVE_INFINITY) continue;
      offers[offered++] = k;
      if (logProb > least) chances[chanced++] = k;
      if (logProb > likeliest) likeliest = logProb;
    }
    for (let i = 0; i < count; i++) {
      const block = blocks[i]!;
      const lack = lacks[i]!;
      const neededMost = lack - mostGains[block]!;
      if (!(likeliest > neededMost)) continue;
      const needed = lack - usualGains[block]!;
      // Not so where all of a state was asked only for a prefix earlier in this frame.
      let listed = 0;
      if (!(needed >= least)) listed = this.choose(offers, offered, logProbs, needed);
      else if (likeliest > needed) listed = this.choose(chances, chanced, logProbs, needed);
      if (favouredCounts[block] !== 0) {
        listed = this.addFavoured(listed, memo, block, logProbs, neededMost);
      }
      if (next.count + listed > next.capacity) {
        threshold = this.makeRoom(next, listed, threshold);
      }
      const mass = masses[i]!;
      const worth = beam.worths[i]!;
      const row = block * memo.labels;
      const lastLabel = labels[i]!;
      for (let place = 0; place < listed; place++) {
        const label = wanted[place]!;
        let entry = entries[row + label]!;
        if (entry < 0) entry = worths.ask(nodes[i]!, label);
        const before = label === lastLabel ? blankMasses[i]! : mass;
        const heard = before + logProbs[label]!;
        const score = heard + (worth + memo.gains[entry]!);
        if (score > threshold && !hasHeir(beam, i, label)) propose(next, i, label, heard, score);
      }
    }
  }

  /** Puts those that are likelier than `least` in `wanted`; returns how many. */
  private choose(list: Int32Array, listed: number, logProbs: Float64Array, least: number): number {
    const { wanted } = this;
    let count = 0;
    for (let place = 0; place < listed; place++) {
      const label = list[place]!;
      if (logProbs[label]! > least) wanted[count++] = label;
    }
    return count;
  }

  /** Puts favoured ones in `wanted`, the latter if likelier than `least`; returns how many. */
  private addFavoured(
    chosen: number,
    memo: ScorerMemo,
    block: number,
    logProbs: Float64Array,
    least: number,
  ): number {
    const { favoured } = memo;
    const { wanted } = this;
    const from = block * mostFavoured;
    const end = from + memo.favouredCounts[block]!;
    let count = chosen;
    for (let place = from; place < end; place++) {
      const label = favoured[place]!;
      if (!(logProbs[label]! > least)) continue;
      let slot = count;
      while (slot > 0 && wanted[slot - 1]! > label) slot--;
      if (slot > 0 && wanted[slot - 1] === label) continue;
      for (let last = count++; last > slot; last--) wanted[last] = wanted[last - 1]!;
      wanted[slot] = label;
    }
    return count;
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

/** What a prefix lacks at most of the threshold, a label and what it gains aside, however sums are rounded. */
function lackOf(threshold: number, mass: number, worth: number): number {
  const lack = threshold - mass - worth;
  return lack - 1e-12 * (1 + Math.abs(lack) + Math.abs(mass) + Math.abs(worth));
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
