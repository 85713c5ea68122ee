import type { WordScorer } from './scorers.ts';
import { checkWordGraph, silentOrder, type WordGraph } from './word-graph.ts';

/**
 * A graph as a scorer: words weigh as much as the best way through the graph that says them, silent arcs
 * followed, and what cannot come to an end is not begun.
 *
 * A state is a node, or where one history can be at several (a back-off arc was as good as a listed word, two
 * arcs bear one word) a set of them with what each is behind the best: the weighted subset construction
 * (Mohri 1997, "Finite-state transducers in language and speech processing", section 3.3, over max and +)
 * made as it is asked for. A node that another of the set reaches silently at no loss is left out, so that
 * back-off models whose n-grams are no less likely than backing off have no sets at all. Sets are kept as
 * long as the scorer.
 */
export class WordGraphScorer implements WordScorer {
  readonly words: readonly string[];
  readonly start: number;
  logWeight = 0;

  /** nodes + 1; a node's arcs are `arcStart[node]` to `arcStart[node + 1]`, in the order of their words */
  private readonly arcStart: Int32Array;
  private readonly arcWord: Int32Array;
  private readonly arcTo: Int32Array;
  private readonly arcWeight: Float64Array;
  /** nodes; where each leads to silently, itself first */
  private readonly silent: readonly Silent[];
  /** nodes; ln weight of ending, silent arcs taken first */
  private readonly endWeight: Float64Array;

  /** Sets of more than one node; the state of set 0 is the number of nodes. */
  private readonly sets: Silent[] = [];
  private readonly stateOfSet = new Map<string, number>();
  /** nodes; best ln weight of reaching each in the step that is being made; −∞ between steps */
  private readonly weightAt: Float64Array;
  private readonly reached: number[] = [];

  /** Throws `RangeError` as `checkWordGraph` does, and where silent arcs form a cycle. */
  constructor(graph: WordGraph) {
    checkWordGraph('WordGraphScorer', graph);
    const { nodes } = graph;
    this.silent = silentReach(graph);
    this.endWeight = Float64Array.from(this.silent, ({ nodes, weights }) =>
      Math.max(...nodes.map((node, index) => weights[index]! + graph.logFinal[node]!)),
    );
    const numberOf = new Map<string, number>();
    const canEnd = nodesThatCanEnd(graph);
    const arcs = graph.arcs.flatMap(({ from, to, word, logWeight }) => {
      if (word === undefined) return [];
      if (!numberOf.has(word)) numberOf.set(word, numberOf.size);
      return canEnd[to] === 1 ? [{ from, to, word: numberOf.get(word)!, logWeight }] : [];
    });
    arcs.sort((a, b) => a.from - b.from || a.word - b.word);
    this.words = [...numberOf.keys()];
    this.start = graph.start;
    this.arcStart = new Int32Array(nodes + 1);
    for (const { from } of arcs) this.arcStart[from + 1]!++;
    for (let node = 0; node < nodes; node++) this.arcStart[node + 1]! += this.arcStart[node]!;
    this.arcWord = Int32Array.from(arcs, ({ word }) => word);
    this.arcTo = Int32Array.from(arcs, ({ to }) => to);
    this.arcWeight = Float64Array.from(arcs, ({ logWeight }) => logWeight);
    this.weightAt = new Float64Array(nodes).fill(-Infinity);
  }

  next(state: number, word: number): number {
    const nodes = this.silent.length;
    this.logWeight = -Infinity;
    if (state < nodes) this.leave(state, 0, word);
    else {
      const set = this.sets[state - nodes]!;
      for (const [index, node] of set.nodes.entries()) this.leave(node, set.weights[index]!, word);
    }
    return this.arrive();
  }

  end(state: number): void {
    const nodes = this.silent.length;
    if (state < nodes) {
      this.logWeight = this.endWeight[state]!;
      return;
    }
    const set = this.sets[state - nodes]!;
    this.logWeight = Math.max(
      ...set.nodes.map((node, index) => set.weights[index]! + this.endWeight[node]!),
    );
  }

  /** Takes every arc of the word from a node and from where it leads to silently. */
  private leave(from: number, weight: number, word: number): void {
    const silent = this.silent[from]!;
    for (let index = 0; index < silent.nodes.length; index++) {
      const node = silent.nodes[index]!;
      const end = this.arcStart[node + 1]!;
      for (let arc = this.firstArc(node, word); arc < end && this.arcWord[arc] === word; arc++) {
        const to = this.arcTo[arc]!;
        const total = weight + silent.weights[index]! + this.arcWeight[arc]!;
        if (this.weightAt[to] === -Infinity) this.reached.push(to);
        if (total > this.weightAt[to]!) this.weightAt[to] = total;
      }
    }
  }

  /** The first arc of the node whose word is not before the given one. */
  private firstArc(node: number, word: number): number {
    let low = this.arcStart[node]!;
    let high = this.arcStart[node + 1]!;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.arcWord[middle]! < word) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The state of the nodes that have been reached. */
  private arrive(): number {
    const { reached, weightAt } = this;
    const first = reached[0];
    if (first === undefined) return -1;
    let state = first;
    if (reached.length === 1) this.logWeight = weightAt[first]!;
    else state = this.arriveAtSeveral();
    for (const node of reached) weightAt[node] = -Infinity;
    reached.length = 0;
    return state;
  }

  private arriveAtSeveral(): number {
    const { weightAt } = this;
    const nodes = this.reached.filter((node) => !this.isNeedless(node)).sort((a, b) => a - b);
    const best = Math.max(...nodes.map((node) => weightAt[node]!));
    this.logWeight = best;
    if (nodes.length === 1) return nodes[0]!;
    const weights = nodes.map((node) => weightAt[node]! - best);
    const key = `${nodes.join()} ${weights.join()}`;
    const known = this.stateOfSet.get(key);
    if (known !== undefined) return known;
    const state = this.silent.length + this.sets.push({ nodes, weights }) - 1;
    this.stateOfSet.set(key, state);
    return state;
  }

  /** Whether another node that has been reached leads here silently at no loss. */
  private isNeedless(node: number): boolean {
    return this.reached.some((other) => {
      const index = other === node ? -1 : this.silent[other]!.nodes.indexOf(node);
      if (index < 0) return false;
      return this.weightAt[other]! + this.silent[other]!.weights[index]! >= this.weightAt[node]!;
    });
  }
}

/** Nodes, and the ln weight of being at each. */
type Silent = { readonly nodes: readonly number[]; readonly weights: readonly number[] };

/** For each node where silent arcs lead to, and at what best weight; itself first. */
function silentReach(graph: WordGraph): Silent[] {
  const silentArcs = Array.from({ length: graph.nodes }, (): WordGraph['arcs'][number][] => []);
  for (const arc of graph.arcs) if (arc.word === undefined) silentArcs[arc.from]!.push(arc);
  const reach: Silent[] = new Array(graph.nodes);
  for (const node of silentOrder('WordGraphScorer', graph).reverse()) {
    const weightOf = new Map([[node, 0]]);
    for (const { to, logWeight } of silentArcs[node]!) {
      for (const [index, target] of reach[to]!.nodes.entries()) {
        const weight = logWeight + reach[to]!.weights[index]!;
        if (weight > (weightOf.get(target) ?? -Infinity)) weightOf.set(target, weight);
      }
    }
    reach[node] = { nodes: [...weightOf.keys()], weights: [...weightOf.values()] };
  }
  return reach;
}

/** 1 for each node from which an end can be reached. */
function nodesThatCanEnd({ nodes, logFinal, arcs }: WordGraph): Uint8Array {
  const sources = Array.from({ length: nodes }, (): number[] => []);
  for (const { from, to } of arcs) sources[to]!.push(from);
  const canEnd = Uint8Array.from(logFinal, (weight) => (weight > -Infinity ? 1 : 0));
  const waiting = [...canEnd.keys()].filter((node) => canEnd[node] === 1);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const source of sources[node]!) {
      if (canEnd[source] === 1) continue;
      canEnd[source] = 1;
      waiting.push(source);
    }
  }
  return canEnd;
}
