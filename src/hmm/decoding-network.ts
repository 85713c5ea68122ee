import {
  checkWordGraph,
  silentOrder,
  type WordArc,
  type WordGraph,
} from '../language/word-graph.ts';
import type { Sound, Sounds, SpeechKind } from './sounds.ts';

/**
 * A word graph with the states of its words spelt out, ready for token passing. An *instance* is a sound at
 * its place in the graph: a pronunciation of an arc's word, or an interlude that leads from a node back to
 * it. Nodes are numbered so that silent arcs lead from lower to higher ones. Where it costs to change between
 * words and filler, each node of the graph is three here: before any speech, behind words, and behind filler.
 * They share the instances of speech that follow; pauses, which lead back to where they began, each has for
 * itself.
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
  /** nodes; the speech heard last; `none` at the start, and everywhere if it does not matter */
  readonly nodeKind: readonly KindBefore[];
  readonly switchPenalty: number;
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

/** What speech a node lies behind. */
type KindBefore = SpeechKind | 'none';

type Place = {
  readonly sound: Sound;
  readonly to: number;
  readonly logWeight: number;
  /** The one kind of node that it is entered from; all by default. */
  readonly behind?: KindBefore;
};

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

  const kinds: readonly KindBefore[] =
    sounds.switchPenalty === 0 ? ['none'] : ['none', 'word', 'filler'];
  const layout = new Layout(graph.nodes, kinds, sounds.switchPenalty);
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
    for (const sound of sounds.interludes) {
      if (sound.kind !== 'pause') layout.add({ sound, to: node, logWeight: 0 });
      else for (const behind of kinds) layout.add({ sound, to: node, logWeight: 0, behind });
    }
    layout.endNode(node);
  }
  return {
    columns: sounds.columns,
    nodes: graph.nodes * kinds.length,
    nodeKind: Array.from(order).flatMap(() => kinds),
    switchPenalty: sounds.switchPenalty,
    start: rank[graph.start]! * kinds.length,
    logFinal: Float64Array.from(
      Array.from(order).flatMap((node) => kinds.map(() => graph.logFinal[node]!)),
    ),
    ...layout.filled(),
  };
}

/** What a sound costs besides where it follows that kind of speech. */
export function switchCost(kindBefore: KindBefore, sound: Sound, switchPenalty: number): number {
  const switches = kindBefore !== 'none' && sound.kind !== 'pause' && sound.kind !== kindBefore;
  return switches ? switchPenalty : 0;
}

/** Collects what stands at each node of the graph, in the order of nodes, and then fills the arrays. */
class Layout {
  private readonly kinds: readonly KindBefore[];
  private readonly switchPenalty: number;
  private readonly places: Place[] = [];
  /** nodes of the graph + 1; the places of node n are `placeStart[n]` up to `placeStart[n + 1]` */
  private readonly placeStart: Int32Array;
  private readonly silentStart: Int32Array;
  private readonly silentTarget: number[] = [];
  private readonly silentWeight: number[] = [];
  private states = 0;
  private arcs = 0;
  private entries = 0;

  constructor(nodes: number, kinds: readonly KindBefore[], switchPenalty: number) {
    this.kinds = kinds;
    this.switchPenalty = switchPenalty;
    this.placeStart = new Int32Array(nodes + 1);
    this.silentStart = new Int32Array(nodes + 1);
  }

  add(place: Place): void {
    const { chain } = place.sound.composite;
    this.places.push(place);
    this.states += chain.states;
    this.arcs += chain.arcTarget.length;
    const ways = chain.logInitial.filter((logProb) => logProb > -Infinity).length;
    this.entries += ways * (place.behind === undefined ? this.kinds.length : 1);
    if (this.states <= limits.states && this.arcs <= limits.arcs) return;
    fail(`a network of at most ${limits.states} states and ${limits.arcs} arcs, got more`);
  }

  addSilent(to: number, logWeight: number): void {
    this.silentTarget.push(to);
    this.silentWeight.push(logWeight);
  }

  endNode(node: number): void {
    this.placeStart[node + 1] = this.places.length;
    this.silentStart[node + 1] = this.silentTarget.length;
  }

  filled() {
    return { ...this.instances(), ...this.entriesOfNodes(), ...this.silentArcs() };
  }

  private instances() {
    const { places, states, arcs, kinds } = this;
    const emission = new Int32Array(states);
    const stateInstance = new Int32Array(states);
    const exitLogProb = new Float64Array(states);
    const arcStart = new Int32Array(states + 1);
    const arcTarget = new Int32Array(arcs);
    const arcLogProb = new Float64Array(arcs);
    let state = 0;
    let arc = 0;
    for (const [instance, { sound }] of places.entries()) {
      const { chain } = sound.composite;
      emission.set(chain.emission, state);
      exitLogProb.set(chain.logFinal, state);
      stateInstance.fill(instance, state, state + chain.states);
      for (let i = 0; i < chain.states; i++) arcStart[state + i + 1] = arc + chain.arcStart[i + 1]!;
      arcLogProb.set(chain.arcLogProb, arc);
      for (const to of chain.arcTarget) arcTarget[arc++] = state + to;
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
      instanceTarget: Int32Array.from(
        places,
        ({ to, sound, behind = sound.kind as SpeechKind }) =>
          to * kinds.length + Math.max(0, kinds.indexOf(behind)),
      ),
      instanceWeight: Float64Array.from(
        places,
        ({ sound, logWeight }) => logWeight + sound.penalty,
      ),
      labels,
    };
  }

  /** From each node of the network into the states of the places at its node of the graph. */
  private entriesOfNodes() {
    const { places, placeStart, kinds, switchPenalty } = this;
    const graphNodes = placeStart.length - 1;
    const entryStart = new Int32Array(graphNodes * kinds.length + 1);
    const entryState = new Int32Array(this.entries);
    const entryLogProb = new Float64Array(this.entries);
    const firstState = new Int32Array(places.length);
    for (let place = 1; place < places.length; place++) {
      firstState[place] = firstState[place - 1]! + places[place - 1]!.sound.composite.chain.states;
    }
    let entry = 0;
    for (let node = 0; node < graphNodes; node++) {
      for (const [which, kind] of kinds.entries()) {
        for (let place = placeStart[node]!; place < placeStart[node + 1]!; place++) {
          const { sound, logWeight, behind = kind } = places[place]!;
          if (behind !== kind) continue;
          const weight = logWeight + sound.penalty + switchCost(kind, sound, switchPenalty);
          for (const [i, logProb] of sound.composite.chain.logInitial.entries()) {
            if (logProb === -Infinity) continue;
            entryState[entry] = firstState[place]! + i;
            entryLogProb[entry++] = logProb + weight;
          }
        }
        entryStart[node * kinds.length + which + 1] = entry;
      }
    }
    return { entryStart, entryState, entryLogProb };
  }

  /** Between nodes behind the same kind of speech. */
  private silentArcs() {
    const { silentStart, silentTarget, silentWeight, kinds } = this;
    const graphNodes = silentStart.length - 1;
    const start = new Int32Array(graphNodes * kinds.length + 1);
    const targets: number[] = [];
    const weights: number[] = [];
    for (let node = 0; node < graphNodes; node++) {
      for (const which of kinds.keys()) {
        for (let arc = silentStart[node]!; arc < silentStart[node + 1]!; arc++) {
          targets.push(silentTarget[arc]! * kinds.length + which);
          weights.push(silentWeight[arc]!);
        }
        start[node * kinds.length + which + 1] = targets.length;
      }
    }
    return {
      silentStart: start,
      silentTarget: Int32Array.from(targets),
      silentWeight: Float64Array.from(weights),
    };
  }
}

function fail(expectation: string): never {
  throw new RangeError(`[buildDecodingNetwork] expected ${expectation}`);
}
