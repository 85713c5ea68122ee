import { describe, expect, it } from 'vitest';
import { buildDecodingNetwork, type DecodingNetwork } from '../../../src/hmm/decoding-network.ts';
import { labelOfArc } from '../../../src/hmm/lattice-arcs.ts';
import { LatticePosteriors } from '../../../src/hmm/lattice-posteriors.ts';
import { bestPathOf, nBestPaths } from '../../../src/hmm/n-best.ts';
import { soundsOf } from '../../../src/hmm/sounds.ts';
import { TokenPassing } from '../../../src/hmm/token-passing.ts';
import type { WordLattice } from '../../../src/hmm/word-lattice.ts';
import { wordLoop } from '../../../src/language/simple-graphs.ts';
import { Random } from '../../../src/math/random.ts';
import { graphs, randomDefinition, randomEmissions } from './tiny-models.ts';
import { spoken, twoWords } from './two-words.ts';

type Path = { readonly arcs: readonly number[]; readonly labels: string; readonly score: number };

/** Every way through a lattice, spelt out. */
function pathsOf(lattice: WordLattice, network: DecodingNetwork): Path[] {
  const paths: Path[] = [];
  const walk = (record: number, arcs: readonly number[], score: number): void => {
    for (const final of lattice.finals) {
      if (final.record !== record) continue;
      const labels = arcs.map((arc) => labelOfArc(lattice, network, arc));
      const said = labels.filter((label) => label >= 0).join(' ');
      paths.push({ arcs, labels: said, score: score + final.logFinal });
    }
    for (let arc = 0; arc < lattice.arcs; arc++) {
      if (lattice.arcFrom[arc] !== record) continue;
      walk(lattice.arcTo[arc]!, [...arcs, arc], score + lattice.arcScore[arc]!);
    }
  };
  walk(0, [], 0);
  return paths;
}

/** Lattices of random models, each with an end. */
function* lattices(seed: number, graphName: string) {
  const random = new Random(seed);
  for (let found = 0; found < 25; ) {
    const network = buildDecodingNetwork(graphs[graphName]!, soundsOf(randomDefinition(random)));
    const passing = new TokenPassing(network);
    const lattice = passing.search(randomEmissions(random, 1 + random.integer(5)), Infinity);
    if (lattice.finals.length === 0) continue;
    found++;
    yield { lattice, network, paths: pathsOf(lattice, network) };
  }
}

const names = Object.keys(graphs);

describe('a word lattice', () => {
  it.each(names)('of %s has each arc into a record before each arc out of it', (name) => {
    for (const { lattice } of lattices(41, name)) {
      const { arcs, arcFrom, arcTo, recordFrame } = lattice;
      for (let arc = 0; arc < arcs; arc++) {
        expect(arcTo[arc]).toBeGreaterThan(arcFrom[arc]!);
        expect(recordFrame[arcTo[arc]!]).toBeGreaterThanOrEqual(recordFrame[arcFrom[arc]!]!);
        const earlier = arcFrom.subarray(0, arc);
        expect(earlier.includes(arcTo[arc]!)).toBe(false);
      }
    }
  });

  it.each(names)('of %s has the best path of token passing as its best', (name) => {
    for (const { lattice, paths } of lattices(42, name)) {
      const best = Math.max(...paths.map(({ score }) => score));
      expect(bestPathOf(lattice)!.score).toBeCloseTo(best, 9);
    }
  });
});

describe('n best, against every path of the lattice', () => {
  it.each(names)('are the best paths of the best sequences of words of %s', (name) => {
    for (const { lattice, network, paths } of lattices(43, name)) {
      const best = new Map<string, number>();
      for (const { labels, score } of paths) {
        best.set(labels, Math.max(best.get(labels) ?? -Infinity, score));
      }
      const expected = [...best].sort(([, a], [, b]) => b - a);
      const found = nBestPaths(lattice, network, 4);
      expect(found).toHaveLength(Math.min(4, expected.length));
      const said = found.map(({ arcs }) => arcs.map((arc) => labelOfArc(lattice, network, arc)));
      const sequences = said.map((labels) => labels.filter((label) => label >= 0).join(' '));
      expect(new Set(sequences).size).toBe(found.length);
      for (const [index, path] of found.entries()) {
        const same = paths.find(({ arcs }) => arcs.join() === path.arcs.join())!;
        expect(path.score).toBeCloseTo(expected[index]![1], 9);
        expect(path.score).toBeCloseTo(best.get(same.labels)!, 9);
        expect(same.score).toBeCloseTo(path.score, 9);
      }
    }
  });
});

describe('posteriors, against every path of the lattice', () => {
  it.each(names)('of words and of sequences of words of %s', (name) => {
    const scale = 0.4;
    for (const { lattice, network, paths } of lattices(44, name)) {
      const posteriors = new LatticePosteriors(lattice, network, scale);
      const weights = paths.map(({ score }) => Math.exp(scale * score));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const probabilityOf = (holds: (path: Path) => boolean) =>
        paths.reduce((sum, path, index) => sum + (holds(path) ? weights[index]! / total : 0), 0);

      for (const labels of new Set(paths.map((path) => path.labels))) {
        const sequence = labels === '' ? [] : labels.split(' ').map(Number);
        const expected = probabilityOf((path) => path.labels === labels);
        expect(posteriors.probabilityOf(sequence)).toBeCloseTo(expected, 9);
      }
      expect(posteriors.probabilityOf([0, 0, 0, 0, 0, 0])).toBe(0);

      const { arcFrom, arcTo, recordFrame, frames } = lattice;
      const spans = (arc: number, t: number) =>
        recordFrame[arcFrom[arc]!]! <= t && t < recordFrame[arcTo[arc]!]!;
      for (const label of network.labels.keys()) {
        const said = Array.from({ length: frames }, (_, t) =>
          probabilityOf(({ arcs }) =>
            arcs.some((arc) => spans(arc, t) && labelOfArc(lattice, network, arc) === label),
          ),
        );
        for (let from = 0; from < frames; from++) {
          const expected = Math.max(...said.slice(from, from + 2));
          expect(posteriors.confidenceOf(label, from, Math.min(frames, from + 2))).toBeCloseTo(
            expected,
            9,
          );
        }
      }
    }
  });
});

describe('the checkpoint of what is asked of a lattice', () => {
  const network = buildDecodingNetwork(wordLoop(['one', 'two']), soundsOf(twoWords));
  const words = Array.from({ length: 60 }, () => ({ word: 'one', frames: 9 }) as const);
  const lattice = new TokenPassing(network).search(spoken(words, 0.5), Infinity);

  /** How often work calls it; every one of the calls can stop the work. */
  function callsIn(work: (checkpoint: () => void) => void): number {
    let calls = 0;
    work(() => calls++);
    for (let last = 1; last <= calls; last++) {
      let passed = 0;
      const checkpoint = () => {
        if (++passed === last) throw new Error(`stopped at ${last}`);
      };
      expect(() => work(checkpoint)).toThrow(`stopped at ${last}`);
    }
    return calls;
  }

  it('is called in the search for the n best, the more the longer it is', () => {
    const few = callsIn((checkpoint) => nBestPaths(lattice, network, 1, checkpoint));
    const many = callsIn((checkpoint) => nBestPaths(lattice, network, 1000, checkpoint));
    expect(few).toBeGreaterThan(0);
    expect(many).toBeGreaterThan(few + 2);
  });

  it('is called while posteriors are made, and while they are asked', () => {
    const ones = words.map(() => 0);
    const made = callsIn((checkpoint) => new LatticePosteriors(lattice, network, 1, checkpoint));
    const word = callsIn((checkpoint) =>
      new LatticePosteriors(lattice, network, 1, checkpoint).confidenceOf(0, 0, 9),
    );
    const sequence = callsIn((checkpoint) =>
      new LatticePosteriors(lattice, network, 1, checkpoint).probabilityOf(ones),
    );
    expect([made > 0, word > made, sequence > made]).toEqual([true, true, true]);
  });
});
