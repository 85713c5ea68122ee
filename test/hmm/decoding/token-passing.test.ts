import { describe, expect, it } from 'vitest';
import { HmmDecoder } from '../../../src/hmm/decoder.ts';
import type { HmmDefinition } from '../../../src/hmm/definition.ts';
import { Random } from '../../../src/math/random.ts';
import { bestByText, recognitionPaths, scoreOf } from '../../reference/hmm-decoding.ts';
import { graphs, randomDefinition, randomEmissions, tree } from './tiny-models.ts';

const frameShiftSeconds = 0.01;
const withBeam = (definition: HmmDefinition, beam: number): HmmDefinition => ({
  ...definition,
  decoding: { ...definition.decoding, beam },
});

describe('token passing, against every path spelt out', () => {
  it.each(Object.keys(graphs))('finds the best path through %s, its parts and times', (name) => {
    const random = new Random(21);
    const graph = graphs[name]!;
    let found = 0;
    for (let trial = 0; trial < 60; trial++) {
      const definition = randomDefinition(random);
      const emissions = randomEmissions(random, trial % 5);
      const paths = recognitionPaths(definition, graph, emissions);
      const options = { frameShiftSeconds, durationSeconds: 1 };
      const [best] = new HmmDecoder(definition, { graph }).decode(emissions, options);
      const expected = Math.max(-Infinity, ...paths.map(scoreOf));
      if (expected === -Infinity) {
        expect(best).toMatchObject({ text: '', words: [], confidence: 0, score: -Infinity });
        continue;
      }
      found++;
      expect(best!.score).toBeCloseTo(expected, 9);
      // The path is one of the best: so are its text and times, and the parts of its score.
      const same = paths.find(
        (path) =>
          scoreOf(path) > expected - 1e-9 &&
          path.text === best!.text &&
          Math.abs(path.acoustic - best!.scoreParts['acoustic']!) < 1e-9 &&
          Math.abs(path.transitions - best!.scoreParts['transitions']!) < 1e-9 &&
          Math.abs(path.weights - best!.scoreParts['words']!) < 1e-9 &&
          path.words.every(({ word, firstFrame, endFrame }, index) => {
            const heard = best!.words[index]!;
            return (
              heard.word === word &&
              heard.startSeconds === firstFrame * frameShiftSeconds &&
              heard.endSeconds === endFrame * frameShiftSeconds
            );
          }),
      );
      expect(same).toBeDefined();
    }
    expect(found).toBeGreaterThan(20);
  });

  it('finds the best path of every text where each has nodes of its own', () => {
    const random = new Random(22);
    for (let trial = 0; trial < 60; trial++) {
      const definition = randomDefinition(random);
      const emissions = randomEmissions(random, 1 + (trial % 5));
      const expected = bestByText(recognitionPaths(definition, tree, emissions));
      const options = { frameShiftSeconds, durationSeconds: 1, nBest: 20 };
      const hypotheses = new HmmDecoder(definition, { graph: tree }).decode(emissions, options);
      if (expected.length === 0) continue;
      expect(hypotheses.map(({ text }) => text)).toEqual(expected.map(([text]) => text));
      for (const [index, { score }] of hypotheses.entries()) {
        expect(score).toBeCloseTo(expected[index]![1], 9);
      }
    }
  });

  it('scores no text of a lattice higher than its best path, and the first one exactly', () => {
    const random = new Random(23);
    for (let trial = 0; trial < 60; trial++) {
      const definition = randomDefinition(random);
      const emissions = randomEmissions(random, 1 + (trial % 5));
      const expected = new Map(
        bestByText(recognitionPaths(definition, graphs['a loop']!, emissions)),
      );
      if (expected.size === 0) continue;
      const options = { frameShiftSeconds, durationSeconds: 1, nBest: 20 };
      const hypotheses = new HmmDecoder(definition).decode(emissions, options);
      expect(hypotheses[0]!.score).toBeCloseTo([...expected.values()][0]!, 9);
      for (const { text, score } of hypotheses) {
        expect(score).toBeLessThan(expected.get(text)! + 1e-9);
      }
      expect(new Set(hypotheses.map(({ text }) => text)).size).toBe(hypotheses.length);
    }
  });
});

describe('the beam', () => {
  it('does not lose the only way, however narrow it is', () => {
    const random = new Random(24);
    for (let trial = 0; trial < 60; trial++) {
      const definition = randomDefinition(random);
      const emissions = randomEmissions(random, 1 + (trial % 5));
      const options = { frameShiftSeconds, durationSeconds: 1 };
      const [wide] = new HmmDecoder(definition, { graph: graphs['two words']! }).decode(
        emissions,
        options,
      );
      const [narrow] = new HmmDecoder(withBeam(definition, 1e-3), {
        graph: graphs['two words']!,
      }).decode(emissions, options);
      expect(narrow!.score === -Infinity).toBe(wide!.score === -Infinity);
      if (wide!.score > -Infinity) expect(narrow!.words).toHaveLength(2);
    }
  });

  it('changes nothing but speed where the right path is never far behind', () => {
    const random = new Random(25);
    const definition = randomDefinition(random);
    const emissions = randomEmissions(random, 400);
    emissions.logProbs.forEach((logProb, index) => {
      if (logProb === -Infinity) emissions.logProbs[index] = -8;
    });
    const options = { frameShiftSeconds, durationSeconds: 4 };
    const [all] = new HmmDecoder(withBeam(definition, Infinity)).decode(emissions, options);
    const [pruned] = new HmmDecoder(withBeam(definition, 40)).decode(emissions, options);
    expect(pruned!.text).toBe(all!.text);
    expect(pruned!.score).toBeCloseTo(all!.score, 9);
  });
});
