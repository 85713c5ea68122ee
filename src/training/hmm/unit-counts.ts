import type { CompositeChain } from '../../hmm/composite-chain.ts';
import type { UnitDefinition } from '../../hmm/definition.ts';

/** Expected numbers of one unit's moves, in the order of its definition. */
type Moves = {
  /** states; entries */
  readonly initial: Float64Array;
  /** arcs */
  readonly arcs: Float64Array;
  /** states; exits */
  readonly final: Float64Array;
};

/** Observations that the probabilities so far count for, so that no move is ruled out by a small sample. */
const priorCount = 2;

/** How often each unit was entered, moved in and left: the statistics that its probabilities are learnt from. */
export class UnitCounts {
  readonly moves: ReadonlyMap<string, Moves>;

  constructor(units: Readonly<Record<string, UnitDefinition>>) {
    this.moves = new Map(
      Object.entries(units).map(([name, { emissions, arcs }]) => [
        name,
        {
          initial: new Float64Array(emissions.length),
          arcs: new Float64Array(arcs.length),
          final: new Float64Array(emissions.length),
        },
      ]),
    );
  }

  /** Counts that a sequence begins in a state of a composite chain. */
  addStart({ places, place, unitState }: CompositeChain, state: number, count: number): void {
    this.moves.get(places[place[state]!]!.unit)!.initial[unitState[state]!]! += count;
  }

  /** Counts that it ends after a state. */
  addEnd({ places, place, unitState }: CompositeChain, state: number, count: number): void {
    this.moves.get(places[place[state]!]!.unit)!.final[unitState[state]!]! += count;
  }

  /** Counts a move along an arc of a composite chain, from one of its states. */
  addArc(composite: CompositeChain, from: number, arc: number, count: number): void {
    const { chain, places, place, unitArc } = composite;
    const inside = unitArc[arc]!;
    if (inside >= 0) {
      this.moves.get(places[place[from]!]!.unit)!.arcs[inside]! += count;
    } else {
      this.addEnd(composite, from, count);
      this.addStart(composite, chain.arcTarget[arc]!, count);
    }
  }

  /** Adds counts of the same units. */
  merge(other: { readonly moves: ReadonlyMap<string, Moves> }): void {
    for (const [name, target] of this.moves) {
      const source = other.moves.get(name)!;
      for (const part of ['initial', 'arcs', 'final'] as const) {
        for (let index = 0; index < target[part].length; index++)
          target[part][index]! += source[part][index]!;
      }
    }
  }

  /** The units with the probabilities that the counts speak for. */
  update(units: Readonly<Record<string, UnitDefinition>>): Record<string, UnitDefinition> {
    return Object.fromEntries(
      Object.entries(units).map(([name, unit]) => [name, updated(unit, this.moves.get(name)!)]),
    );
  }
}

function updated(unit: UnitDefinition, counts: Moves): UnitDefinition {
  const smoothed = (count: number, before: number) =>
    before === 0 ? 0 : count + priorCount * before;
  const entries = counts.initial.reduce((sum, count) => sum + count, priorCount);
  const leaving = Float64Array.from(counts.final, (count, i) => smoothed(count, unit.final[i]!));
  for (const [arc, [from, , before]] of unit.arcs.entries())
    leaving[from]! += smoothed(counts.arcs[arc]!, before);
  return {
    emissions: unit.emissions,
    initial: unit.initial.map((before, i) => smoothed(counts.initial[i]!, before) / entries),
    arcs: unit.arcs.map(([from, to, before], arc) => [
      from,
      to,
      smoothed(counts.arcs[arc]!, before) / leaving[from]!,
    ]),
    final: unit.final.map((before, i) => smoothed(counts.final[i]!, before) / leaving[i]!),
  };
}
