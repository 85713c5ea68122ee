import type { UnitDefinition } from '../../hmm/definition.ts';
import { UnitCounts } from '../hmm/unit-counts.ts';
import type { StateGroups } from './state-groups.ts';

/** What the frames' labels alone tell of a hybrid. */
export type TargetStatistics = {
  /** labels; ln of the share of the frames that have a label */
  readonly logPriors: Float64Array;
  /** With the probabilities of their moves. */
  readonly units: Readonly<Record<string, UnitDefinition>>;
};

/** Frames that each label counts for beforehand, so that none is impossible. */
const priorCount = 1;

/**
 * Counts how frequent labels are and how they follow one another. A step to a label that its unit does not
 * lead to, a repeated word's beginning say, leaves the unit and enters it anew; where the unit cannot be left
 * or entered there, a word's states have gone by between two frames, and nothing is counted.
 * @param sequences the labels of the frames of examples
 */
export function targetStatistics(
  sequences: Iterable<Int32Array>,
  { labels, places, units }: StateGroups,
): TargetStatistics {
  const frames = new Float64Array(labels).fill(priorCount);
  const counts = new UnitCounts(units);
  const arcNumbers = new Map(
    Object.entries(units).map(([name, { arcs }]) => [
      name,
      new Map(arcs.map(([from, to], arc) => [`${from} ${to}`, arc])),
    ]),
  );
  const leave = ({ unit, state }: StateGroups['places'][number]) => {
    if (units[unit]!.final[state]! > 0) counts.moves.get(unit)!.final[state]!++;
  };
  for (const sequence of sequences) {
    for (const [t, label] of sequence.entries()) {
      frames[label]!++;
      const { unit, state } = places[label]!;
      const moves = counts.moves.get(unit)!;
      const before = t === 0 ? undefined : places[sequence[t - 1]!]!;
      const arc =
        before?.unit === unit ? arcNumbers.get(unit)!.get(`${before.state} ${state}`) : undefined;
      if (arc !== undefined) {
        moves.arcs[arc]!++;
        continue;
      }
      if (before !== undefined) leave(before);
      if (units[unit]!.initial[state]! > 0) moves.initial[state]!++;
    }
    const last = sequence.at(-1);
    if (last !== undefined) leave(places[last]!);
  }
  const total = frames.reduce((sum, count) => sum + count, 0);
  return { logPriors: frames.map((count) => Math.log(count / total)), units: counts.update(units) };
}
