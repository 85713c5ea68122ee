import { checkGraphSize, type WordArc, type WordGraph } from './word-graph.ts';

/** A finite automaton over words, in which several arcs may bear the same word and some bear none. */
export type Automaton = {
  /** nodes; arcs with a word */
  readonly words: { readonly word: string; readonly to: number }[][];
  /** nodes; where arcs without a word lead to */
  readonly silent: number[][];
};

/**
 * The graph that accepts the same sequences of words with one arc a word and node and none silent: its
 * nodes are sets of the automaton's, found from the start (Rabin & Scott 1959). Cycles of silent arcs do
 * no harm. All weights are zero.
 *
 * Throws `RangeError`, in the caller's name, when the graph becomes larger than `graphLimits`.
 */
export function determinised(
  caller: string,
  automaton: Automaton,
  start: number,
  end: number,
): WordGraph {
  const sets: number[][] = [];
  const numbers = new Map<string, number>();
  const numberOf = (nodes: Iterable<number>): number => {
    const set = reachableSilently(automaton, nodes, end);
    const key = set.join();
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
      for (const { word, to } of automaton.words[node]!) {
        const known = targets.get(word);
        if (known === undefined) targets.set(word, new Set([to]));
        else known.add(to);
      }
    }
    for (const [word, nodes] of targets) {
      arcs.push({ from, to: numberOf(nodes), word, logWeight: 0 });
    }
    checkGraphSize(caller, sets.length, arcs.length);
  }
  const logFinal = Float64Array.from(sets, (set) => (set.includes(end) ? 0 : -Infinity));
  return { nodes: sets.length, start: first, logFinal, arcs };
}

/** The nodes that silent arcs lead to, of those the ones from which a word goes on and the end. Ascending. */
function reachableSilently(automaton: Automaton, nodes: Iterable<number>, end: number): number[] {
  const seen = new Set(nodes);
  for (const node of seen) for (const next of automaton.silent[node]!) seen.add(next);
  return [...seen]
    .filter((node) => node === end || automaton.words[node]!.length > 0)
    .sort((a, b) => a - b);
}
