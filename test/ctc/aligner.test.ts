import { describe, expect, it } from 'vitest';
import type { Alphabet } from '../../src/alphabet/alphabet.ts';
import { CtcAligner } from '../../src/ctc/aligner.ts';
import { CtcGreedyDecoder } from '../../src/ctc/greedy.ts';
import type { EmissionMatrix } from '../../src/decoding/emission-matrix.ts';
import { Random } from '../../src/math/random.ts';
import { labellingPaths } from '../reference/ctc-alignment.ts';
import { emissionsOf, inShorthand, letters, randomProbs, spelt, words } from './emissions.ts';

const options = { frameShiftSeconds: 0.1, durationSeconds: 100 };

function align(alphabet: Alphabet, spelling: string, text: string, sureness = 8) {
  const emissions = spelt(inShorthand(alphabet, spelling), alphabet.size, sureness);
  return new CtcAligner(alphabet).align(emissions, text === '' ? [] : text.split(' '), options);
}

describe('forced alignment by CTC', () => {
  it('scores the likeliest of all paths of a text, spelt out', () => {
    const random = new Random(21);
    const silent = { inside: [0, 1], outside: [0, 1] };
    for (let trial = 0; trial < 60; trial++) {
      const probs = randomProbs(random, 3 + random.integer(4), 4);
      const text = [['one'], ['two', 'one'], ['two', 'two']][trial % 3]!;
      const labelling = text.map((word) => words.labels.indexOf(word));
      const paths = labellingPaths(probs, silent, labelling);
      const alignment = new CtcAligner(words).align(emissionsOf(probs), text, options);
      const best = Math.max(...paths.map(({ prob }) => prob));
      expect(alignment.score).toBeCloseTo(Math.log(best), 5);
      expect(alignment.words.map(({ word }) => word)).toEqual(text);
    }
  });

  it('finds words where they are, with what they are made of', () => {
    const { words: found } = align(letters, '____a_bb____ __a___', 'ab a');
    expect(found.map(({ word }) => word)).toEqual(['ab', 'a']);
    const [first] = found;
    expect(first!.startSeconds).toBeCloseTo(0.4, 2);
    expect(first!.endSeconds).toBeCloseTo(0.75, 2);
    expect(first!.units.map(({ unit, states }) => [unit, states])).toEqual([
      ['a', []],
      ['b', []],
    ]);
    const bounds = first!.units.flatMap(({ startSeconds, endSeconds }) => [
      startSeconds,
      endSeconds,
    ]);
    expect([bounds[0], bounds[3]]).toEqual([first!.startSeconds, first!.endSeconds]);
    expect(bounds[1]).toBe(bounds[2]);
    expect(bounds[1]).toBeCloseTo(0.575, 2);
  });

  it('lets silence and filler stand between words, and gives them to nobody', () => {
    const { words: found, score } = align(words, '_#1_#__2#_', 'one two');
    const each = Math.log(1 / (1 + 3 * Math.exp(-8)));
    expect(score).toBeCloseTo(10 * each, 5);
    for (const word of found) {
      expect(word.score).toBeCloseTo(each, 6);
      expect(word.units.map(({ unit, score }) => [unit, score])).toEqual([[word.word, word.score]]);
    }
  });

  it('parts a word said twice', () => {
    const { words: found } = align(words, '__11__', 'one one', 3);
    expect(found).toHaveLength(2);
    expect(found[0]!.endSeconds).toBeLessThanOrEqual(found[1]!.startSeconds);
  });

  it('is sure of what was said and not of what was not', () => {
    expect(align(words, '__1__2__', 'one two').words[0]!.confidence).toBeGreaterThan(0.9);
    const wrong = align(words, '__1__2__', 'two two').words;
    expect(wrong[0]!.confidence).toBeLessThan(0.1);
    expect(wrong[1]!.confidence).toBeGreaterThan(0.9);
  });

  it('is as sure, and finds the same times, as decoding that hears the text', () => {
    const random = new Random(22);
    for (let trial = 0; trial < 20; trial++) {
      const emissions = emissionsOf(randomProbs(random, 30, 4));
      const [heard] = new CtcGreedyDecoder(words).decode(emissions, options);
      const text = heard!.words.map(({ word }) => word);
      const aligned = new CtcAligner(words).align(emissions, text, options).words;
      expect(
        aligned.map(({ word, startSeconds, endSeconds, confidence }) => ({
          ...{ word, startSeconds, endSeconds, confidence },
        })),
      ).toEqual(heard!.words);
    }
  });

  it('takes ten minutes with a thousand words', () => {
    const random = new Random(23);
    const text = Array.from({ length: 1000 }, () => (random.chance(0.5) ? 'one' : 'two'));
    const spelling = text.flatMap((word) => [
      ...Array<number>(19).fill(0),
      words.labels.indexOf(word),
    ]);
    const alignment = new CtcAligner(words).align(spelt(spelling, 4, 8), text, {
      frameShiftSeconds: 0.03,
      durationSeconds: 600,
    });
    for (const [index, { startSeconds, endSeconds }] of alignment.words.entries()) {
      const middle = 0.03 * (20 * index + 19.5);
      expect(startSeconds).toBeLessThan(middle);
      expect(endSeconds).toBeGreaterThan(middle);
    }
  });
});

describe('a text that CTC cannot align', () => {
  const failing = (text: string, alphabet = words, matrix?: EmissionMatrix) => {
    const emissions = matrix ?? spelt(inShorthand(alphabet, '__1'), alphabet.size, 8);
    return () => new CtcAligner(alphabet).align(emissions, text.split(' '), options);
  };

  it('is refused with what was expected, what came, and where', () => {
    expect(failing('one three')).toThrow(
      'word 2: expected one of the model\'s 2 words, got "three"',
    );
    expect(failing('one <other>')).toThrow(/word 2/u);
    expect(failing('ab cab', letters)).toThrow(
      'word 2: expected one made of the model\'s 2 characters, got "cab"',
    );
    expect(failing('one two one two')).toThrow(
      "expected at least 4 frames for the text's 4 words, got 3",
    );
    expect(failing('one one two')).toThrow(
      "expected at least 4 frames for the text's 3 words, got 3",
    );
    const impossible = { frames: 2, units: 4, logProbs: new Float32Array(8).fill(-Infinity) };
    expect(failing('one', words, impossible)).toThrow(/in which the text's 1 word can be heard/u);
    expect(failing('one three')).toThrow(
      expect.objectContaining({ code: 'unalignable_text', param: 'text' }),
    );
  });

  it('is not the empty one, of no frames or of silence', () => {
    const none = { frames: 0, units: 4, logProbs: new Float32Array(0) };
    expect(new CtcAligner(words).align(none, [], options)).toEqual({ words: [], score: 0 });
    expect(align(words, '____', '').words).toEqual([]);
  });

  it('is a fault of the caller where the emissions have another width', () => {
    const wider = { frames: 1, units: 5, logProbs: new Float32Array(5) };
    expect(failing('one', words, wider)).toThrow(RangeError);
  });
});
