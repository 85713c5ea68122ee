import {
  checkWordGraph,
  silentOrder,
  type WordArc,
  type WordGraph,
} from '../language/word-graph.ts';
import type { Sound, Sounds } from './sounds.ts';

/**
 * A word graph with the states of its words spelt out, ready for token passing. An *instance* is a sound at
 * its place in the graph: a pronunciation of an arc's word, or an interlude that leads from a node back to
 * it. Nodes are numbered so that silent arcs lead from lower to higher ones.
 */
export type DecodingNetwork = {
  /** of the emission matrix */
  readonly columns: number;

  readonly states: number;
  /** states; column of the emission matrix */
  readonly emission: Int32Array;
  /** states; which instance a state belongs to */
  readonly stateInstance: Int32Array;
  /** states; ln probability of leaving the instance after a state, −∞ where it cannot end */
  readonly exitLogProb: Float64Array;
  /** states + 1; the arcs out of state i are `arcStart[i]` up to `arcStart[i + 1]` */
  readonly arcStart: Int32Array;
  /** arcs */
  readonly arcTarget: Int32Array;
  readonly arcLogProb: Float64Array;

  readonly instances: number;
  /** instances */
  readonly instanceSound: readonly Sound[];
  /** instances; index of the word in `labels`, −1 for what prints nothing */
  readonly instanceLabel: Int32Array;
  /** instances; the node that it leads to */
  readonly instanceTarget: Int32Array;
  /** instances; ln weight of the graph's arc and the penalty of the sound; part of its entries */
  readonly instanceWeight: Float64Array;
  /** The words of the graph. */
  readonly labels: readonly string[];

  readonly nodes: number;
  readonly start: number;
  /** nodes; ln weight of ending there */
  readonly logFinal: Float64Array;
  /** nodes + 1; the states that node n leads into are `entryStart[n]` up to `entryStart[n + 1]` */
  readonly entryStart: Int32Array;
  /** entries */
  readonly entryState: Int32Array;
  /** entries; ln probability of entering the instance there, and the instance's weight */
  readonly entryLogProb: Float64Array;
  /** nodes + 1; the silent arcs out of node n are `silentStart[n]` up to `silentStart[n + 1]` */
  readonly silentStart: Int32Array;
  /** silent arcs */
  readonly silentTarget: Int32Array;
  readonly silentWeight: Float64Array;
};

/** How large a network may become: some 200 MB. */
const limits = { states: 4_000_000, arcs: 8_000_000 } as const;

type Place = { readonly sound: Sound; readonly to: number; readonly logWeight: number };

/**
 * Throws `RangeError` when the graph is malformed, has a cycle of silent arcs or a word that is not in the
 * lexicon, or when the network would have more than four million states or eight million arcs.
 */
export function buildDecodingNetwork(graph: WordGraph, sounds: Sounds): DecodingNetwork {
  const caller = 'buildDecodingNetwork';
  checkWordGraph(caller, graph);
  const order = silentOrder(caller, graph);
  const rank = new Int32Array(graph.nodes);
  for (const [place, node] of order.entries()) rank[node] = place;
  const arcsFrom = Array.from(order, (): WordArc[] => []);
  for (const arc of graph.arcs) arcsFrom[rank[arc.from]!]!.push(arc);

  const layout = new Layout(graph.nodes);
  for (const [node, arcs] of arcsFrom.entries()) {
    for (const { to, word, logWeight } of arcs) {
      if (word === undefined) {
        layout.addSilent(rank[to]!, logWeight);
        continue;
      }
      const spoken = sounds.words.get(word);
      if (spoken === undefined) fail(`words of the lexicon, got ${JSON.stringify(word)}`);
      for (const sound of spoken) layout.add({ sound, to: rank[to]!, logWeight });
    }
    for (const sound of sounds.interludes) layout.add({ sound, to: node, logWeight: 0 });
    layout.endNode(node);
  }
  return {
    columns: sounds.columns,
    nodes: graph.nodes,
    start: rank[graph.start]!,
    logFinal: Float64Array.from(order, (node) => graph.logFinal[node]!),
    ...layout.filled(),
  };
}

/** Collects what stands at each node, in the order of nodes, and then fills the arrays. */
class Layout {
  private readonly places: Place[] = [];
  private readonly entryStart: Int32Array;
  private readonly silentStart: Int32Array;
  private readonly silentTarget: number[] = [];
  private readonly silentWeight: number[] = [];
  private states = 0;
  private arcs = 0;
  private entries = 0;

  constructor(nodes: number) {
    this.entryStart = new Int32Array(nodes + 1);
    this.silentStart = new Int32Array(nodes + 1);
  }

  add(place: Place): void {
    const { chain } = place.sound.composite;
    this.places.push(place);
    this.states += chain.states;
    this.arcs += chain.arcTarget.length;
    this.entries += chain.logInitial.reduce(
      (sum, logProb) => sum + (logProb > -Infinity ? 1 : 0),
      0,
    );
    if (this.states <= limits.states && this.arcs <= limits.arcs) return;
    fail(`a network of at most ${limits.states} states and ${limits.arcs} arcs, got more`);
  }

  addSilent(to: number, logWeight: number): void {
    this.silentTarget.push(to);
    this.silentWeight.push(logWeight);
  }

  endNode(node: number): void {
    this.entryStart[node + 1] = this.entries;
    this.silentStart[node + 1] = this.silentTarget.length;
  }

  filled() {
    const { places, states, arcs, entries } = this;
    const emission = new Int32Array(states);
    const stateInstance = new Int32Array(states);
    const exitLogProb = new Float64Array(states);
    const arcStart = new Int32Array(states + 1);
    const arcTarget = new Int32Array(arcs);
    const arcLogProb = new Float64Array(arcs);
    const entryState = new Int32Array(entries);
    const entryLogProb = new Float64Array(entries);
    const instanceWeight = Float64Array.from(
      places,
      ({ sound, logWeight }) => logWeight + sound.penalty,
    );
    let state = 0;
    let arc = 0;
    let entry = 0;
    for (const [instance, { sound }] of places.entries()) {
      const { chain } = sound.composite;
      emission.set(chain.emission, state);
      exitLogProb.set(chain.logFinal, state);
      stateInstance.fill(instance, state, state + chain.states);
      for (let i = 0; i < chain.states; i++) arcStart[state + i + 1] = arc + chain.arcStart[i + 1]!;
      arcLogProb.set(chain.arcLogProb, arc);
      for (const to of chain.arcTarget) arcTarget[arc++] = state + to;
      for (const [i, logProb] of chain.logInitial.entries()) {
        if (logProb === -Infinity) continue;
        entryState[entry] = state + i;
        entryLogProb[entry++] = logProb + instanceWeight[instance]!;
      }
      state += chain.states;
    }
    const labels = [...new Set(places.flatMap(({ sound }) => sound.word ?? []))];
    const indexOfLabel = new Map(labels.map((label, index) => [label, index]));
    return {
      states,
      emission,
      stateInstance,
      exitLogProb,
      arcStart,
      arcTarget,
      arcLogProb,
      instances: places.length,
      instanceSound: places.map(({ sound }) => sound),
      instanceLabel: Int32Array.from(places, ({ sound: { word } }) =>
        word === undefined ? -1 : indexOfLabel.get(word)!,
      ),
      instanceTarget: Int32Array.from(places, ({ to }) => to),
      instanceWeight,
      labels,
      entryStart: this.entryStart,
      entryState,
      entryLogProb,
      silentStart: this.silentStart,
      silentTarget: Int32Array.from(this.silentTarget),
      silentWeight: Float64Array.from(this.silentWeight),
    };
  }
}

function fail(expectation: string): never {
  throw new RangeError(`[buildDecodingNetwork] expected ${expectation}`);
}
