import {
  checkGraphSize,
  type GraphLimits,
  GraphSizeError,
  type WordArc,
  type WordGraph,
} from './word-graph.ts';

/** A finite automaton over words, in which several arcs may bear the same word and some bear none. */
export type Automaton = {
  /** nodes; arcs with a word */
  readonly words: { readonly word: string; readonly to: number }[][];
  /** nodes; where arcs without a word lead to */
  readonly silent: number[][];
};

/**
 * The graph that accepts the same sequences of words with one arc a word and node and none silent: its
 * nodes are sets of the automaton's, found from the start (Rabin & Scott 1959), of each set the nodes from
 * which a word goes on and the end. Cycles of silent arcs do no harm. All weights are zero.
 *
 * Throws `GraphSizeError`, in the caller's name, when the graph becomes larger than the limits, or when the
 * nodes of all sets and their arcs are more than `limits.work` together.
 */
export function determinised(
  caller: string,
  automaton: Automaton,
  start: number,
  end: number,
  limits: GraphLimits,
): WordGraph {
  let work = 0;
  const spend = (steps: number): void => {
    work += steps;
    if (work <= limits.work) return;
    throw new GraphSizeError(
      `[${caller}] expected a graph that is made in at most ${limits.work} steps, got one that takes more`,
    );
  };
  const reach = new SilentReach(automaton, end);
  const sets: Int32Array[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (nodes: Iterable<number>): number => {
    spend(reach.from(nodes));
    const set = reach.set();
    // The bytes of the numbers, a character each: several times as fast as writing them out.
    const key = Buffer.from(set.buffer, set.byteOffset, set.byteLength).toString('latin1');
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, sets.length);
    return sets.push(set) - 1;
  };
  const first = numberOf([start]);
  const arcs: WordArc[] = [];
  for (let from = 0; from < sets.length; from++) {
    const targets = new Map<string, Set<number>>();
    for (const node of sets[from]!) {
      spend(automaton.words[node]!.length);
      for (const { word, to } of automaton.words[node]!) {
        const known = targets.get(word);
        if (known === undefined) targets.set(word, new Set([to]));
        else known.add(to);
      }
    }
    for (const [word, nodes] of targets) {
      arcs.push({ from, to: numberOf(nodes), word, logWeight: 0 });
    }
    checkGraphSize(caller, sets.length, arcs.length, limits);
  }
  const logFinal = Float64Array.from(sets, (set) => (set.includes(end) ? 0 : -Infinity));
  return { nodes: sets.length, start: first, logFinal, arcs };
}

/** Follows silent arcs, in arrays that are used again and again. */
class SilentReach {
  private readonly automaton: Automaton;
  private readonly end: number;
  /** nodes; the number of the walk that came by last */
  private readonly seen: Int32Array;
  /** The nodes of this walk, in the order in which they were reached. */
  private readonly reached: Int32Array;
  private count = 0;
  private walk = 0;

  constructor(automaton: Automaton, end: number) {
    this.automaton = automaton;
    this.end = end;
    this.seen = new Int32Array(automaton.words.length);
    this.reached = new Int32Array(automaton.words.length);
  }

  /** Walks from nodes; returns how many were reached, themselves included. */
  from(nodes: Iterable<number>): number {
    this.walk++;
    this.count = 0;
    for (const node of nodes) this.visit(node);
    for (let index = 0; index < this.count; index++) {
      for (const next of this.automaton.silent[this.reached[index]!]!) this.visit(next);
    }
    return this.count;
  }

  /** The nodes of the last walk from which a word goes on, and the end; ascending. */
  set(): Int32Array {
    const { words } = this.automaton;
    return this.reached
      .slice(0, this.count)
      .filter((node) => node === this.end || words[node]!.length > 0)
      .sort();
  }

  private visit(node: number): void {
    if (this.seen[node] === this.walk) return;
    this.seen[node] = this.walk;
    this.reached[this.count++] = node;
  }
}
