import { logAdd } from '../../math/log-space.ts';
import type { FrameScores } from './frame-scores.ts';
import type { PrefixTrie } from './prefix-trie.ts';
import type { Prefixes } from './prefixes.ts';

const { NEGATIVE_INFINITY } = Number;

/**
 * Takes every prefix of the beam through a frame in which it stays what it is, and puts it into `next` in
 * the same place, its score the mass alone (Graves 2012, algorithm 7.1; Hannun et al. 2014, algorithm 1):
 *
 * - nothing is said: all paths go on, and end in a blank;
 * - the last label goes on: those paths do that end in it;
 * - the last label is said: paths of the prefix without it, which then end in it; only those through a blank
 *   where the label before is the same.
 *
 * Where the last label is the filler, all paths go on, whether it is said or nothing is; they count as ending in
 * it, so that it does not follow itself.
 *
 * The last is where paths of two prefixes merge. It also links each prefix to those of the beam that are one
 * label longer, for `extend` not to make them again.
 */
export function continuePrefixes(
  beam: Prefixes,
  next: Prefixes,
  trie: PrefixTrie,
  frame: FrameScores,
): void {
  const { count, nodes, labels, blankMasses, labelMasses, masses, firstHeirs, nextHeirs } = beam;
  const { parents, slots } = trie;
  const { silence, filler, logProbs } = frame;
  while (next.capacity < count) next.grow();
  firstHeirs.fill(-1, 0, count);
  for (let i = 0; i < count; i++) {
    const node = nodes[i]!;
    const label = labels[i]!;
    let blankMass = masses[i]! + silence;
    let labelMass = NEGATIVE_INFINITY;
    if (label >= 0) {
      labelMass = labelMasses[i]!;
      const shorter = slots[parents[node]!]!;
      if (shorter >= 0) {
        const inflow = labels[shorter] === label ? blankMasses[shorter]! : masses[shorter]!;
        labelMass = logAdd(labelMass, inflow);
        nextHeirs[i] = firstHeirs[shorter]!;
        firstHeirs[shorter] = i;
      }
      labelMass += logProbs[label]!;
      if (label === filler) {
        // All of its paths end in the filler, and those that it had before are silent through this frame.
        labelMass = logAdd(labelMass, labelMasses[i]! + silence);
        blankMass = NEGATIVE_INFINITY;
      }
    }
    const mass = logAdd(blankMass, labelMass);
    next.nodes[i] = node;
    next.labels[i] = label;
    next.blankMasses[i] = blankMass;
    next.labelMasses[i] = labelMass;
    next.masses[i] = mass;
    next.scores[i] = mass;
  }
  next.count = count;
}
