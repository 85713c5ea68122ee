/**
 * Which words may follow one another, and what each costs: a finite acceptor over words. Every grammar,
 * from the free loop to an n-gram model, becomes one, and decoding networks are built from it.
 */
export type WordGraph = {
  readonly nodes: number;
  readonly start: number;
  /** nodes; ln weight of ending at a node; −∞ where nothing may end */
  readonly logFinal: Float64Array;
  readonly arcs: readonly WordArc[];
};

export type WordArc = {
  readonly from: number;
  readonly to: number;
  /** A word of the lexicon; undefined for an arc that costs its weight and is silent (a back-off). */
  readonly word: string | undefined;
  /** ln weight */
  readonly logWeight: number;
};

/** How large a graph may become. */
export type GraphLimits = {
  readonly nodes: number;
  readonly arcs: number;
  /** Steps of making it. */
  readonly work: number;
};

/** Beyond that a grammar is taken for a mistake. */
export const graphLimits: GraphLimits = { nodes: 100_000, arcs: 1_000_000, work: 20_000_000 };

/** A graph is larger than it may be. */
export class GraphSizeError extends RangeError {}

/** Throws `GraphSizeError`, in the caller's name, when a graph of that size is larger than the limits. */
export function checkGraphSize(
  caller: string,
  nodes: number,
  arcs: number,
  limits: Pick<GraphLimits, 'nodes' | 'arcs'> = graphLimits,
): void {
  if (nodes <= limits.nodes && arcs <= limits.arcs) return;
  throw new GraphSizeError(
    `[${caller}] expected a graph of at most ${limits.nodes} nodes and ${limits.arcs} arcs, got at least ${nodes} and ${arcs}`,
  );
}

/**
 * Throws `RangeError`, in the caller's name, unless nodes and arcs are in range, no weight is NaN or +∞, arcs
 * have finite weights, and something may be said, or nothing, and then end.
 */
export function checkWordGraph(caller: string, graph: WordGraph): void {
  const { nodes, start, logFinal, arcs } = graph;
  const fail = (expectation: string): never => {
    throw new RangeError(`[${caller}] expected ${expectation}`);
  };
  checkGraphSize(caller, nodes, arcs.length);
  const isNode = (node: number) => Number.isInteger(node) && node >= 0 && node < nodes;
  if (!isNode(start)) fail(`a start in [0, ${nodes}), got ${start}`);
  if (logFinal.length !== nodes) fail(`${nodes} final weights, got ${logFinal.length}`);
  for (const [node, weight] of logFinal.entries()) {
    if (!(weight < Infinity)) fail(`a final weight below +∞ at node ${node}, got ${weight}`);
  }
  for (const [index, { from, to, logWeight }] of arcs.entries()) {
    if (!isNode(from) || !isNode(to)) {
      fail(`arc ${index} between nodes in [0, ${nodes}), got ${from} → ${to}`);
    }
    if (!Number.isFinite(logWeight)) fail(`a finite weight of arc ${index}, got ${logWeight}`);
  }
  if (!canEnd(graph)) fail('a graph whose start leads to an end, got one that never ends');
}

function canEnd({ nodes, start, logFinal, arcs }: WordGraph): boolean {
  const successors = Array.from({ length: nodes }, (): number[] => []);
  for (const { from, to } of arcs) successors[from]!.push(to);
  const seen = new Uint8Array(nodes);
  const waiting = [start];
  seen[start] = 1;
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (logFinal[node]! > -Infinity) return true;
    for (const next of successors[node]!) {
      if (seen[next] === 1) continue;
      seen[next] = 1;
      waiting.push(next);
    }
  }
  return false;
}

/**
 * The nodes in an order in which every silent arc leads onwards; nodes that no silent arc orders stay as
 * they were numbered.
 *
 * Throws `RangeError`, in the caller's name, when silent arcs form a cycle: a path could go round it for
 * ever without a word.
 */
export function silentOrder(caller: string, graph: WordGraph): Int32Array {
  const successors = new Map<number, number[]>();
  const waitsFor = new Int32Array(graph.nodes);
  for (const { from, to, word } of graph.arcs) {
    if (word !== undefined) continue;
    waitsFor[to]!++;
    const known = successors.get(from);
    if (known === undefined) successors.set(from, [to]);
    else known.push(to);
  }
  const order = new Int32Array(graph.nodes);
  let ready = 0;
  for (let node = 0; node < graph.nodes; node++) if (waitsFor[node] === 0) order[ready++] = node;
  for (let index = 0; index < ready; index++) {
    for (const next of successors.get(order[index]!) ?? []) {
      waitsFor[next]!--;
      if (waitsFor[next] === 0) order[ready++] = next;
    }
  }
  if (ready < graph.nodes) {
    const node = waitsFor.findIndex((count) => count > 0);
    throw new RangeError(
      `[${caller}] expected silent arcs without cycles, got one that leads to node ${node}`,
    );
  }
  return order;
}
