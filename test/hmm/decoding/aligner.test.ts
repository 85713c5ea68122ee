import { describe, expect, it } from 'vitest';
import type { AlignedWord } from '../../../src/decoding/aligner.ts';
import type { EmissionMatrix } from '../../../src/decoding/emission-matrix.ts';
import { HmmAligner } from '../../../src/hmm/aligner.ts';
import { HmmDecoder } from '../../../src/hmm/decoder.ts';
import { wordSequence } from '../../../src/language/simple-graphs.ts';
import { Random } from '../../../src/math/random.ts';
import { type RecognitionPath, recognitionPaths, scoreOf } from '../../reference/hmm-decoding.ts';
import { randomDefinition, randomEmissions } from './tiny-models.ts';
import { spoken, twoWords } from './two-words.ts';

const options = { frameShiftSeconds: 1, durationSeconds: 1000 };
const texts = [[], ['a'], ['b'], ['a', 'b'], ['b', 'b', 'a']];

/** Unit and state of each frame that a word has. */
function statesOf(words: readonly AlignedWord[]): Map<number, string> {
  const states = new Map<number, string>();
  for (const { units } of words) {
    for (const { unit, states: visited } of units) {
      for (const { state, startSeconds, endSeconds } of visited) {
        for (let t = startSeconds; t < endSeconds; t++) states.set(t, `${unit} ${state}`);
      }
    }
  }
  return states;
}

function agrees(path: RecognitionPath, words: readonly AlignedWord[]): boolean {
  const states = statesOf(words);
  return path.words.every(({ word, firstFrame, endFrame }, index) => {
    const aligned = words[index]!;
    const frames = Array.from({ length: endFrame - firstFrame }, (_, frame) => firstFrame + frame);
    return (
      aligned.word === word &&
      aligned.startSeconds === firstFrame &&
      aligned.endSeconds === endFrame &&
      frames.every((t) => states.get(t) === path.states[t])
    );
  });
}

describe('forced alignment, against every path spelt out', () => {
  it('finds the best path of a text: its words, units, states and times', () => {
    const random = new Random(31);
    let found = 0;
    for (let trial = 0; trial < 120; trial++) {
      const definition = randomDefinition(random);
      const emissions = randomEmissions(random, trial % 6);
      const words = texts[trial % texts.length]!;
      const { filler: _, ...others } = definition;
      const decoding = { ...definition.decoding, wordPenalty: 0 };
      const paths = recognitionPaths({ ...others, decoding }, wordSequence(words), emissions);
      const align = () => new HmmAligner(definition).align(emissions, words, options);
      if (paths.length === 0) {
        expect(align).toThrow(expect.objectContaining({ code: 'unalignable_text' }));
        continue;
      }
      found++;
      const alignment = align();
      const expected = Math.max(...paths.map(scoreOf));
      expect(alignment.score).toBeCloseTo(expected, 9);
      const best = paths.filter((path) => scoreOf(path) > expected - 1e-9);
      expect(best.some((path) => agrees(path, alignment.words))).toBe(true);
    }
    expect(found).toBeGreaterThan(60);
  });

  it('has scores of states that add up to those of units and words, and with pauses to the whole', () => {
    const random = new Random(32);
    for (let trial = 0; trial < 60; trial++) {
      const definition = randomDefinition(random);
      const emissions = randomEmissions(random, 5);
      const words = ['a', 'b'];
      const paths = recognitionPaths(definition, wordSequence(words), emissions);
      if (!paths.some(({ states }) => !states.some((state) => state.startsWith('other')))) continue;
      const alignment = new HmmAligner(definition).align(emissions, words, options);
      const sumOf = (parts: readonly { score: number }[]) =>
        parts.reduce((sum, { score }) => sum + score, 0);
      for (const { units, score } of alignment.words) {
        for (const unit of units) expect(unit.score).toBeCloseTo(sumOf(unit.states), 9);
        expect(score).toBeCloseTo(sumOf(units), 9);
      }
      const frames = alignment.words.reduce(
        (sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds,
        0,
      );
      if (frames === 5) expect(alignment.score).toBeCloseTo(sumOf(alignment.words), 9);
    }
  });
});

describe('an aligned word', () => {
  const aligner = new HmmAligner(twoWords);
  const emissions = spoken(
    [{ frames: 5 }, { word: 'one', frames: 9 }, { frames: 4 }, { word: 'two', frames: 9 }],
    3,
  );
  const seconds = { frameShiftSeconds: 0.01, durationSeconds: 0.265 };

  it('stands where it was said, inside the recording', () => {
    const { words } = aligner.align(emissions, ['one', 'two'], seconds);
    expect(words.map(({ word }) => word)).toEqual(['one', 'two']);
    expect(words[0]!.startSeconds).toBeCloseTo(0.05, 9);
    expect(words[0]!.endSeconds).toBeCloseTo(0.14, 9);
    expect(words[1]!.startSeconds).toBeCloseTo(0.18, 9);
    expect(words[1]!.endSeconds).toBe(0.265);
    const [unit] = words[0]!.units;
    expect(unit!.states.map(({ state }) => state)).toEqual([0, 1, 2]);
  });

  it('is likely where it was said, and unlikely where another was', () => {
    const right = aligner.align(emissions, ['one', 'two'], seconds).words;
    const wrong = aligner.align(emissions, ['two', 'two'], seconds).words;
    expect(right[0]!.confidence).toBeGreaterThan(0.9);
    expect(right[1]!.confidence).toBeGreaterThan(0.9);
    expect(wrong[0]!.confidence).toBeLessThan(0.1);
    expect(wrong[1]!.confidence).toBeGreaterThan(0.9);
  });

  it('is as likely as decoding freely finds it', () => {
    const unsure = spoken([{ frames: 4 }, { word: 'one', frames: 9 }, { frames: 4 }], 1.2);
    const [free] = new HmmDecoder(twoWords).decode(unsure, options);
    const { words } = aligner.align(unsure, ['one'], options);
    expect(free!.text).toBe('one');
    expect(words[0]!.confidence).toBeCloseTo(free!.words[0]!.confidence, 9);
  });
});

describe('a text that cannot be aligned', () => {
  const aligner = new HmmAligner(twoWords);
  const emissions = spoken([{ word: 'one', frames: 5 }], 8);
  const failing =
    (text: readonly string[], matrix: EmissionMatrix = emissions) =>
    () =>
      aligner.align(matrix, text, options);

  it('is refused with what was expected, what came, and where', () => {
    expect(failing(['one', 'three'])).toThrow(
      'word 2: expected one of the model\'s 2 words, got "three"',
    );
    expect(failing(['one', 'two'])).toThrow(
      "expected at least 6 frames for the text's 2 words, got 5",
    );
    expect(failing(Array(3001).fill('one'))).toThrow('expected at most 3000 words, got 3001');
    const impossible = { ...emissions, logProbs: emissions.logProbs.map(() => -Infinity) };
    expect(failing(['one'], impossible)).toThrow(/can be heard as the text's 1 word and silence/u);
    expect(failing(['one', 'three'])).toThrow(
      expect.objectContaining({ code: 'unalignable_text', param: 'text' }),
    );
  });

  it('is not the empty one, of no frames or of silence', () => {
    const none = { frames: 0, units: emissions.units, logProbs: new Float32Array(0) };
    expect(aligner.align(none, [], options)).toEqual({ words: [], score: 0 });
    expect(aligner.align(spoken([{ frames: 6 }], 8), [], options).words).toEqual([]);
  });

  it('is a fault of the caller where the emissions have another width', () => {
    const wider = { frames: 1, units: 3, logProbs: new Float32Array(3) };
    expect(failing(['one'], wider)).toThrow(RangeError);
  });
});

describe('the checkpoint of an alignment', () => {
  it('is called for the text and for the free loop, and stops it by throwing', () => {
    const words = Array.from({ length: 100 }, () => 'one' as const);
    const long = spoken(
      words.map((word) => ({ word, frames: 9 })),
      8,
    );
    const aligner = new HmmAligner(twoWords);
    const times = { frameShiftSeconds: 0.01, durationSeconds: 9 };
    let calls = 0;
    const alignment = aligner.align(long, words, { ...times, checkpoint: () => calls++ });
    expect(calls).toBeGreaterThanOrEqual(2 * Math.floor(long.frames / 256));
    for (let last = 1; last <= calls; last++) {
      let passed = 0;
      const checkpoint = () => {
        if (++passed === last) throw new Error(`stopped at ${last}`);
      };
      expect(() => aligner.align(long, words, { ...times, checkpoint })).toThrow(
        `stopped at ${last}`,
      );
    }
    expect(aligner.align(long, words, times)).toEqual(alignment);
  });
});
