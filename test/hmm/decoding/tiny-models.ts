import type { EmissionMatrix } from '../../../src/decoding/emission-matrix.ts';
import { type HmmDefinition, hmmDefinitionSchema } from '../../../src/hmm/definition.ts';
import { compileNgrams } from '../../../src/language/ngram-graph.ts';
import { wordList, wordLoop, wordString } from '../../../src/language/simple-graphs.ts';
import type { WordGraph } from '../../../src/language/word-graph.ts';
import type { Random } from '../../../src/math/random.ts';

const columns = 5;

/** Numbers in [0, 1) that sum to one, some of them zero. */
function distribution(random: Random, count: number): number[] {
  const weights = Array.from({ length: count }, () => (random.chance(0.3) ? 0 : random.next()));
  weights[random.integer(count)]! += 0.1;
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** A unit with arcs from any state to any, which can end in its last state at least. */
function randomUnit(random: Random, states: number) {
  const rows = Array.from({ length: states }, (_, state) => {
    const row = distribution(random, states + 1);
    if (state < states - 1 || row[states]! > 0) return row;
    return row.map((prob, index) => (index === states ? 0.2 : 0.8 * prob));
  });
  return {
    emissions: Array.from({ length: states }, () => random.integer(columns)),
    initial: distribution(random, states),
    arcs: rows.flatMap((row, from) =>
      row.slice(0, states).map((prob, to): [number, number, number] => [from, to, prob]),
    ),
    final: rows.map((row) => row[states]!),
  };
}

/**
 * A model of the words "a" (two pronunciations) and "b" over five columns, with silence, a noise and a
 * filler, everything drawn.
 */
export function randomDefinition(random: Random): HmmDefinition {
  return hmmDefinitionSchema.parse({
    format: 1,
    emissions: columns,
    units: {
      x: randomUnit(random, 1 + random.integer(2)),
      y: randomUnit(random, 1),
      sil: randomUnit(random, 1),
      cough: randomUnit(random, 1),
      other: randomUnit(random, 1 + random.integer(2)),
    },
    lexicon: { a: [['x'], ['y', 'x']], b: [['y']] },
    silence: 'sil',
    noises: ['cough'],
    filler: 'other',
    decoding: {
      wordPenalty: random.gaussian(),
      fillerPenalty: -1 + random.gaussian(),
      fillerFramePenalty: 0.5 * random.gaussian(),
      noisePenalty: -1 + random.gaussian(),
      ...(random.chance(0.5) && { switchPenalty: -1 + random.gaussian() }),
      beam: 1000,
      posteriorScale: 0.5,
    },
  });
}

/** ln likelihoods; about one in ten is −∞. */
export function randomEmissions(random: Random, frames: number): EmissionMatrix {
  const logProbs = Float32Array.from({ length: frames * columns }, () =>
    random.chance(0.1) ? -Infinity : 2 * random.gaussian(),
  );
  return { frames, units: columns, logProbs };
}

export const graphs: Readonly<Record<string, WordGraph>> = {
  'a loop': wordLoop(['a', 'b']),
  'a list': wordList(['a', 'b']),
  'two words': wordString(['a', 'b'], 2, 2),
  'bigrams that back off': compileNgrams([
    { words: ['<s>'], logProb: -99, logBackoff: -0.4 },
    { words: ['a'], logProb: -1.1, logBackoff: -0.7 },
    { words: ['b'], logProb: -0.9, logBackoff: 0.2 },
    { words: ['</s>'], logProb: -1.3 },
    { words: ['<s>', 'b'], logProb: -0.5 },
    { words: ['a', 'b'], logProb: -0.3 },
    { words: ['b', '</s>'], logProb: -0.6 },
  ]),
};

/** All sequences of at most two of "a" and "b", each with nodes of its own. */
export const tree: WordGraph = {
  nodes: 7,
  start: 0,
  logFinal: new Float64Array(7),
  arcs: [
    { from: 0, to: 1, word: 'a', logWeight: -0.2 },
    { from: 0, to: 2, word: 'b', logWeight: 0 },
    { from: 1, to: 3, word: 'a', logWeight: 0 },
    { from: 1, to: 4, word: 'b', logWeight: -0.1 },
    { from: 2, to: 5, word: 'a', logWeight: 0 },
    { from: 2, to: 6, word: 'b', logWeight: 0.3 },
  ],
};
