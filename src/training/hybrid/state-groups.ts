import type { HmmDefinition, UnitDefinition } from '../../hmm/definition.ts';
import { ergodicUnit, leftToRightUnit } from '../../hmm/topology.ts';

/**
 * The states of an HMM in groups, at the pace of a network whose frames are longer: each group is a label
 * that the network learns and a state of the hybrid.
 */
export type StateGroups = {
  readonly labels: number;
  /** Of all pauses: silence and noises. */
  readonly pause: number;
  /** Unit of the HMM → the label of each of its states. */
  readonly labelsOfUnit: ReadonlyMap<string, Int32Array>;
  /** labels; the unit of the hybrid, and the state of it, that a label stands for */
  readonly places: readonly { readonly unit: string; readonly state: number }[];
  /** Units of the hybrid before anything is known of how long they last; their columns are the labels. */
  readonly units: Readonly<Record<string, UnitDefinition>>;
};

/**
 * Cuts each unit that words are made of into so many runs of consecutive states. Of speech outside the
 * vocabulary and of pauses, whose states have no order, all states are one; noises are pauses too.
 * @param states of a hybrid unit, or as many as the unit has
 */
export function groupStates(
  { units, silence, noises, filler }: HmmDefinition,
  states: number,
): StateGroups {
  const places: { unit: string; state: number }[] = [];
  const labelsOfUnit = new Map<string, Int32Array>();
  const grouped: Record<string, UnitDefinition> = {};
  for (const [name, { emissions }] of Object.entries(units)) {
    if (noises.includes(name)) continue;
    const isWhole = name === silence || name === filler;
    const groups = isWhole ? 1 : Math.min(states, emissions.length);
    const first = places.length;
    const columns = Array.from({ length: groups }, (_, state) => first + state);
    for (const state of columns.keys()) places.push({ unit: name, state });
    grouped[name] = isWhole
      ? ergodicUnit(columns, { stay: 0.9, leave: 0.1 })
      : leftToRightUnit(columns, { stay: 0.5, skip: groups > 1 ? 0.1 : 0 });
    const label = (_: number, state: number) =>
      first + Math.floor((state * groups) / emissions.length);
    labelsOfUnit.set(name, Int32Array.from(emissions, label));
  }
  const pause = labelsOfUnit.get(silence)![0]!;
  for (const name of noises)
    labelsOfUnit.set(
      name,
      Int32Array.from(units[name]!.emissions, () => pause),
    );
  return { labels: places.length, pause, labelsOfUnit, places, units: grouped };
}
