import { describe, expect, it } from 'vitest';
import { buildDecodingNetwork } from '../../../src/hmm/decoding-network.ts';
import { fewestFrames } from '../../../src/hmm/fewest-frames.ts';
import { chainFromMatrix } from '../../../src/hmm/markov-chain.ts';
import { soundsOf } from '../../../src/hmm/sounds.ts';
import { wordString } from '../../../src/language/simple-graphs.ts';
import type { WordGraph } from '../../../src/language/word-graph.ts';
import { twoWords } from './two-words.ts';

const sounds = soundsOf(twoWords);
const silent = (from: number, to: number) => ({ from, to, word: undefined, logWeight: -0.5 });

describe('a decoding network', () => {
  it('has each word of an arc and each interlude of a node once', () => {
    const network = buildDecodingNetwork(wordString(['one', 'two'], 1, 2), sounds);
    // Three nodes with silence and filler, two steps with two words of three states.
    expect(network.instances).toBe(3 * 2 + 2 * 2);
    expect(network.states).toBe(3 * 2 + 2 * 2 * 3);
    expect(network.labels).toEqual(['one', 'two']);
    const { entryStart, entryState, entryLogProb, stateInstance, instanceWeight } = network;
    for (let node = 0; node < network.nodes; node++) {
      const entries = Array.from(entryState.subarray(entryStart[node], entryStart[node + 1]));
      expect(entries).toHaveLength(node < 2 ? 4 : 2);
      for (const [index, state] of entries.entries()) {
        const weight = instanceWeight[stateInstance[state]!]!;
        expect(entryLogProb[entryStart[node]! + index]).toBeCloseTo(weight, 12);
      }
    }
  });

  it('has nodes in the order of silent arcs', () => {
    const graph: WordGraph = {
      nodes: 3,
      start: 2,
      logFinal: Float64Array.of(-0.1, -Infinity, -Infinity),
      arcs: [silent(2, 1), silent(1, 0), { from: 0, to: 2, word: 'one', logWeight: 0 }],
    };
    const { start, logFinal, silentStart, silentTarget } = buildDecodingNetwork(graph, sounds);
    expect(start).toBe(0);
    expect([...logFinal]).toEqual([-Infinity, -Infinity, -0.1]);
    expect([...silentStart]).toEqual([0, 1, 2, 2]);
    expect([...silentTarget]).toEqual([1, 2]);
  });

  it('has a node behind each kind of speech where it costs to change between words and filler', () => {
    const decoding = { ...twoWords.decoding, switchPenalty: -7 };
    const network = buildDecodingNetwork(
      wordString(['one', 'two'], 1, 1),
      soundsOf({ ...twoWords, decoding }),
    );
    expect([...network.nodeKind]).toEqual(['none', 'word', 'filler', 'none', 'word', 'filler']);
    // Two nodes with silence, which each kind has for itself, and filler; two words of three states.
    expect(network.states).toBe(2 * (3 + 1) + 2 * 3);
    const { entryStart, entryState, entryLogProb, stateInstance, instanceSound } = network;
    for (const [node, kindBefore] of network.nodeKind.entries()) {
      for (let entry = entryStart[node]!; entry < entryStart[node + 1]!; entry++) {
        const instance = stateInstance[entryState[entry]!]!;
        const { kind } = instanceSound[instance]!;
        const changes = [kindBefore, kind].sort().join() === 'filler,word';
        const cost = entryLogProb[entry]! - network.instanceWeight[instance]!;
        expect(cost).toBeCloseTo(changes ? -7 : 0, 9);
        if (kind === 'pause') expect(network.instanceTarget[instance]).toBe(node);
      }
    }
  });

  it('is refused, not built, when it explodes', () => {
    const graph = wordString(['one', 'two'], 0, 90_000);
    const long = { ...twoWords.units['one']!, emissions: Array(1000).fill(0) };
    const chain = { initial: Array(1000).fill(1e-3), final: Array(1000).fill(1), arcs: [] };
    const definition = { ...twoWords, units: { ...twoWords.units, one: { ...long, ...chain } } };
    expect(() => buildDecodingNetwork(graph, soundsOf(definition))).toThrow(
      /expected a network of at most 4000000 states/u,
    );
  });

  it('is refused for a graph whose silent arcs go round', () => {
    const graph: WordGraph = {
      nodes: 2,
      start: 0,
      logFinal: new Float64Array(2),
      arcs: [silent(0, 1), silent(1, 0)],
    };
    expect(() => buildDecodingNetwork(graph, sounds)).toThrow(/silent arcs without cycles/u);
  });
});

describe('fewestFrames', () => {
  it('is the length of the shortest way through a chain', () => {
    const leftToRight = (final: number[]) =>
      chainFromMatrix(
        [1, 0, 0],
        [
          [0.5, 0.5 - final[0]!, 0],
          [0, 0.5, 0.5 - final[1]!],
          [0, 0, 1 - final[2]!],
        ],
        final,
      );
    expect(fewestFrames(leftToRight([0, 0, 0.5]))).toBe(3);
    expect(fewestFrames(leftToRight([0, 0.1, 0.5]))).toBe(2);
    expect(fewestFrames(leftToRight([0, 0, 0]))).toBe(Infinity);
  });
});
