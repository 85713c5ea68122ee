/**
 * Decoding of a digit loop: twelve words of sixteen states, a filler of 32 states that all follow one another,
 * silence, a noise. The emissions are made up: words, pauses and other speech, each frame's own state ahead
 * of the others.
 */
import type { EmissionMatrix } from '../../src/decoding/emission-matrix.ts';
import { HmmDecoder } from '../../src/hmm/decoder.ts';
import { buildDecodingNetwork } from '../../src/hmm/decoding-network.ts';
import { hmmDefinitionSchema } from '../../src/hmm/definition.ts';
import { soundsOf } from '../../src/hmm/sounds.ts';
import { TokenPassing } from '../../src/hmm/token-passing.ts';
import { ergodicUnit, leftToRightUnit } from '../../src/hmm/topology.ts';
import { wordLoop } from '../../src/language/simple-graphs.ts';
import { Random } from '../../src/math/random.ts';
import { type BenchContext, type BenchRow, medianSeconds } from './harness.ts';

const frameShiftSeconds = 0.01;
const words = 12;
const wordStates = 16;
const fillerStates = 32;
const otherStates = 5;
const columns = words * wordStates + fillerStates + 2 * otherStates;

const range = (from: number, count: number) => Array.from({ length: count }, (_, k) => from + k);
const wordNames = range(0, words).map((word) => `word${word}`);
const firstOther = words * wordStates + fillerStates;

const definition = hmmDefinitionSchema.parse({
  format: 1,
  emissions: columns,
  units: {
    ...Object.fromEntries(
      wordNames.map((name, word) => [
        name,
        leftToRightUnit(range(word * wordStates, wordStates), { stay: 0.6, skip: 0.1 }),
      ]),
    ),
    filler: ergodicUnit(range(words * wordStates, fillerStates), { stay: 0.7, leave: 0.02 }),
    silence: leftToRightUnit(range(firstOther, otherStates), { stay: 0.8, skip: 0.05 }),
    noise: leftToRightUnit(range(firstOther + otherStates, otherStates), { stay: 0.7, skip: 0.1 }),
  },
  lexicon: Object.fromEntries(wordNames.map((name) => [name, [[name]]])),
  silence: 'silence',
  noises: ['noise'],
  filler: 'filler',
  decoding: {
    wordPenalty: -10,
    fillerPenalty: -20,
    noisePenalty: -20,
    beam: 200,
    posteriorScale: 0.1,
  },
});

/** Words of 48 frames, one in five of them other speech, each with a pause of 30 frames behind it. */
function emissionsOf(random: Random, frames: number): EmissionMatrix {
  const logProbs = Float32Array.from(
    { length: frames * columns },
    () => -70 + 8 * random.gaussian(),
  );
  const favour = (t: number, column: number) => {
    if (t < frames) logProbs[t * columns + column]! += 25;
  };
  for (let start = 0; start < frames; start += 78) {
    const word = random.integer(words);
    const isOther = random.chance(0.2);
    for (let t = 0; t < 48; t++) {
      const other = words * wordStates + random.integer(fillerStates);
      favour(start + t, isOther ? other : word * wordStates + Math.floor(t / 3));
    }
    for (let t = 48; t < 78; t++) favour(start + t, firstOther + Math.floor((t - 48) / 6));
  }
  return { frames, units: columns, logProbs };
}

export async function decodingRows(context: BenchContext): Promise<BenchRow[]> {
  const frames = 6000;
  const emissions = emissionsOf(new Random(1), frames);
  const options = { frameShiftSeconds, durationSeconds: frames * frameShiftSeconds };
  const network = buildDecodingNetwork(wordLoop(wordNames), soundsOf(definition));
  const passing = new TokenPassing(network);
  const decoder = new HmmDecoder(definition);
  const cases: [string, () => unknown][] = [
    ['token passing', () => passing.search(emissions, definition.decoding.beam)],
    ['token passing without a beam', () => passing.search(emissions, Infinity)],
    ['one hypothesis', () => decoder.decode(emissions, options)],
    ['ten hypotheses', () => decoder.decode(emissions, { ...options, nBest: 10 })],
  ];
  const rows: BenchRow[] = [];
  for (const [what, work] of cases) {
    const seconds = await medianSeconds(work, context.runs);
    rows.push({
      bench: 'hmm',
      case: `digit loop of ${network.states} states, ${what}`,
      value: frames / seconds,
      unit: 'frames/s',
      baseline: `real time at ${1 / frameShiftSeconds} frames/s`,
      ratio: (frames * frameShiftSeconds) / seconds,
    });
  }
  return rows;
}
