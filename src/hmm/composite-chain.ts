import type { UnitDefinition } from './definition.ts';
import { type Arc, chainFromArcs, inChainOrder, type MarkovChain } from './markov-chain.ts';

/** A stretch of a transcript: a word in its pronunciations, or a pause that may be there or not. */
export type Segment = {
  /** Sequences of units, each as likely as the others, none empty. */
  readonly alternatives: readonly (readonly string[])[];
  /** Probability of being skipped. */
  readonly skip: number;
};

/** One use of a unit in a composite chain. */
export type UnitPlace = {
  readonly unit: string;
  /** Which segment it belongs to, and to which of its alternatives. */
  readonly segment: number;
  readonly alternative: number;
  /** Its states are `firstState` onwards. */
  readonly firstState: number;
};

export type CompositeChain = {
  readonly chain: MarkovChain;
  /** By segment, alternative and position. */
  readonly places: readonly UnitPlace[];
  /** states; index into `places` */
  readonly place: Int32Array;
  /** states; which state of its unit it is */
  readonly unitState: Int32Array;
  /** arcs; index into the unit's own `arcs`, or −1 for an arc from one unit into another: it counts as
   *  leaving the one after its state and as entering the other at its state */
  readonly unitArc: Int32Array;
};

type CompositeArc = Arc & { readonly unitArc: number };
/** A state by which a unit or segment is entered or left, and how likely. */
type Door = { readonly state: number; readonly prob: number };

/**
 * The chain of units in a row: a known transcript as a Markov chain, for embedded training and for forced
 * alignment. Probabilities of leaving a unit and of entering the next multiply along, those of skipping
 * what is between them too. Columns of the score matrix are those of the units.
 *
 * The chain has no sequence without frames: where every segment may be skipped, the probability of
 * skipping them all is missing from `logInitial`.
 *
 * Throws `RangeError` when there is no segment, an alternative is empty, a unit unknown, or a skip not in
 * [0, 1].
 */
export function composeChain(
  segments: readonly Segment[],
  units: Readonly<Record<string, UnitDefinition>>,
): CompositeChain {
  if (segments.length === 0) fail('at least one segment, got none');
  const composer = new Composer(units);
  const doors = segments.map((segment, index) => composer.addSegment(segment, index));
  const { arcs, places, emission, place, unitState } = composer;
  const initialProbs = new Float64Array(emission.length);
  const finalProbs = new Float64Array(emission.length);

  // From each segment, and from the start, to each next one that is not skipped, and to the end.
  for (let index = -1; index < segments.length; index++) {
    let reached = 1;
    for (let next = index + 1; next < segments.length && reached > 0; next++) {
      const { skip } = segments[next]!;
      for (const { state: to, prob: entering } of doors[next]!.entries) {
        const prob = reached * (1 - skip) * entering;
        if (index < 0) initialProbs[to] = prob;
        else composer.connect(doors[index]!.exits, { state: to, prob });
      }
      reached *= skip;
    }
    if (index < 0) continue;
    for (const { state, prob } of doors[index]!.exits) finalProbs[state] = prob * reached;
  }

  const ordered = inChainOrder(arcs);
  return {
    chain: chainFromArcs(initialProbs, finalProbs, ordered, Int32Array.from(emission)),
    places,
    place: Int32Array.from(place),
    unitState: Int32Array.from(unitState),
    unitArc: Int32Array.from(ordered, ({ unitArc }) => unitArc),
  };
}

/** Puts units one after another and knows the doors of each. */
class Composer {
  readonly arcs: CompositeArc[] = [];
  readonly places: UnitPlace[] = [];
  readonly emission: number[] = [];
  readonly place: number[] = [];
  readonly unitState: number[] = [];
  private readonly units: Readonly<Record<string, UnitDefinition>>;

  constructor(units: Readonly<Record<string, UnitDefinition>>) {
    this.units = units;
  }

  addSegment(segment: Segment, index: number): { entries: Door[]; exits: Door[] } {
    const { alternatives, skip } = segment;
    if (!(skip >= 0 && skip <= 1)) fail(`skip in [0, 1] in segment ${index}, got ${skip}`);
    if (alternatives.length === 0) fail(`an alternative in segment ${index}, got none`);
    const entries: Door[] = [];
    const exits: Door[] = [];
    for (const [alternative, names] of alternatives.entries()) {
      if (names.length === 0) fail(`units in every alternative of segment ${index}, got none`);
      let before: Door[] = [];
      for (const [position, name] of names.entries()) {
        const unit = this.addUnit({ unit: name, segment: index, alternative });
        if (position > 0) for (const entry of unit.entries) this.connect(before, entry);
        else {
          for (const { state, prob } of unit.entries) {
            entries.push({ state, prob: prob / alternatives.length });
          }
        }
        before = unit.exits;
      }
      exits.push(...before);
    }
    return { entries, exits };
  }

  /** Arcs from all exits to one entry. */
  connect(exits: readonly Door[], entry: Door): void {
    for (const { state, prob } of exits) {
      this.arcs.push({ from: state, to: entry.state, prob: prob * entry.prob, unitArc: -1 });
    }
  }

  private addUnit(use: Omit<UnitPlace, 'firstState'>): { entries: Door[]; exits: Door[] } {
    const unit = Object.hasOwn(this.units, use.unit) ? this.units[use.unit] : undefined;
    if (unit === undefined) fail(`a known unit in segment ${use.segment}, got ${use.unit}`);
    const firstState = this.emission.length;
    for (const [state, column] of unit.emissions.entries()) {
      this.emission.push(column);
      this.place.push(this.places.length);
      this.unitState.push(state);
    }
    this.places.push({ ...use, firstState });
    for (const [unitArc, [from, to, prob]] of unit.arcs.entries()) {
      this.arcs.push({ from: firstState + from, to: firstState + to, prob, unitArc });
    }
    return { entries: doors(unit.initial, firstState), exits: doors(unit.final, firstState) };
  }
}

function doors(probs: readonly number[], firstState: number): Door[] {
  return probs.flatMap((prob, state) => (prob > 0 ? [{ state: firstState + state, prob }] : []));
}

function fail(expectation: string): never {
  throw new RangeError(`[composeChain] expected ${expectation}`);
}
