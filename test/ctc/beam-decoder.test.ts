import { describe, expect, it } from 'vitest';
import { CtcBeamDecoder } from '../../src/ctc/beam-decoder.ts';
import { CtcGreedyDecoder } from '../../src/ctc/greedy.ts';
import type { DecodeOptions } from '../../src/decoding/decoder.ts';
import { labelScorerFor } from '../../src/language/label-language.ts';
import type { LabelScorer } from '../../src/language/scorers.ts';
import { Random } from '../../src/math/random.ts';
import { describeDecoder } from '../decoder-cases.ts';
import { collapse, pathsOver } from '../reference/ctc-enumeration.ts';
import { randomScorer } from '../reference/random-scorer.ts';
import { emissionsOf, letters, randomProbs, spoken, words } from './emissions.ts';

const options = { frameShiftSeconds: 0.1, durationSeconds: 100 };

/** Lets `least` to `most` labels be said and no more, each worth `worth`. */
function countingScorer(least: number, most: number, worth: number): LabelScorer {
  const parts = new Float64Array(3);
  return {
    start: 0,
    parts,
    next(state) {
      parts.set([worth, 0, 0]);
      return state < most ? state + 1 : -1;
    },
    end(state) {
      parts.set([state < least ? -Infinity : 0, 0, 0]);
    },
  };
}

describeDecoder({
  name: 'ctc_beam',
  decoder: new CtcBeamDecoder(words),
  givesMany: true,
  emissionsOf: spoken,
});

describe('CTC prefix beam decoding', () => {
  it.each([
    { alphabet: words, what: 'words with a filler' },
    { alphabet: letters, what: 'characters' },
  ])(
    'gives each text of $what once, with the probability of all paths that print it',
    ({ alphabet }) => {
      const random = new Random(1);
      const decoder = new CtcBeamDecoder(alphabet);
      for (let trial = 0; trial < 30; trial++) {
        const probs = randomProbs(random, 1 + random.integer(5), alphabet.size);
        const expected = new Map<string, number>();
        for (const path of pathsOver(probs.length, alphabet.size)) {
          const text = alphabet.textOf(collapse(path, alphabet.blank));
          const prob = path.reduce((product, label, t) => product * probs[t]![label]!, 1);
          expected.set(text, (expected.get(text) ?? 0) + prob);
        }
        const found = decoder.decode(emissionsOf(probs), { ...options, nBest: 5000 });
        expect(found.map(({ text }) => text).sort()).toEqual([...expected.keys()].sort());
        for (const [rank, { text, score, scoreParts }] of found.entries()) {
          expect(Math.exp(score)).toBeCloseTo(expected.get(text)!, 6);
          expect(scoreParts).toEqual({ acoustic: score });
          if (rank > 0) expect(score).toBeLessThanOrEqual(found[rank - 1]!.score);
        }
      }
    },
  );

  it('finds what is likelier over all paths where greedy decoding follows one', () => {
    const emissions = emissionsOf([
      [0.6, 0, 0.4, 0],
      [0.6, 0, 0.4, 0],
    ]);
    expect(new CtcGreedyDecoder(words).decode(emissions, options)[0]!.text).toBe('');
    const [best] = new CtcBeamDecoder(words).decode(emissions, options);
    expect(best!.text).toBe('one');
    expect(best!.confidence).toBeCloseTo(0.64, 6);
  });

  it('keeps as many prefixes as asked for, and at least as many as hypotheses are wanted', () => {
    const emissions = emissionsOf(randomProbs(new Random(2), 12, 4));
    const decoder = new CtcBeamDecoder(words);
    const countOf = (asked: Partial<DecodeOptions>) =>
      decoder.decode(emissions, { ...options, ...asked }).length;
    expect(countOf({})).toBe(1);
    expect(countOf({ nBest: 40 })).toBe(40);
    expect(countOf({ nBest: 40, beamWidth: 7 })).toBe(7);
  });

  it('takes the scorer that is made for its options, and says what that added', () => {
    const emissions = emissionsOf(randomProbs(new Random(3), 10, 4));
    const asked: DecodeOptions[] = [];
    const decoder = new CtcBeamDecoder(words, {}, (request) => {
      asked.push(request);
      return countingScorer(2, 2, -1.5);
    });
    const request = { ...options, nBest: 5 };
    const found = decoder.decode(emissions, request);
    expect(asked).toEqual([request]);
    expect(found.map(({ words }) => words.length)).toEqual([2, 2, 2, 2]);
    for (const { score, scoreParts } of found) {
      expect(scoreParts).toMatchObject({ language: -3, words: 0, hotwords: 0 });
      expect(scoreParts['acoustic']! - 3).toBe(score);
    }
  });

  it('adds up the parts of texts that several labellings print', () => {
    const random = new Random(4);
    for (let trial = 0; trial < 10; trial++) {
      const decoder = new CtcBeamDecoder(letters, {}, () => randomScorer(random, letters.size, 5));
      const emissions = emissionsOf(randomProbs(random, 8, letters.size));
      const found = decoder.decode(emissions, { ...options, nBest: 30 });
      expect(new Set(found.map(({ text }) => text)).size).toBe(found.length);
      for (const { score, scoreParts } of found) {
        const sum = Object.values(scoreParts).reduce((total, part) => total + part, 0);
        expect(sum).toBeCloseTo(score, 9);
      }
    }
  });

  it.each([
    { alphabet: words, what: 'words' },
    { alphabet: letters, what: 'characters' },
  ])('weighs each path of $what by its changes to and from other speech', ({ alphabet }) => {
    const random = new Random(11);
    const changeScore = -0.7;
    const decoder = new CtcBeamDecoder(alphabet, {}, () =>
      labelScorerFor(alphabet, { changeScore }),
    );
    for (let trial = 0; trial < 20; trial++) {
      const probs = randomProbs(random, 1 + random.integer(5), alphabet.size);
      const expected = new Map<string, number>();
      for (const path of pathsOver(probs.length, alphabet.size)) {
        const labels = collapse(path, alphabet.blank);
        const text = alphabet.textOf(labels);
        const kinds = labels
          .filter((label) => label !== alphabet.space)
          .map((label) => label === alphabet.filler);
        const changes = kinds.filter(
          (kind, index) => index > 0 && kind !== kinds[index - 1],
        ).length;
        const prob = path.reduce((product, label, t) => product * probs[t]![label]!, 1);
        const weight = prob * Math.exp(changeScore * changes);
        expected.set(text, (expected.get(text) ?? 0) + weight);
      }
      const found = decoder.decode(emissionsOf(probs), {
        ...options,
        nBest: 5000,
        beamWidth: 20_000,
      });
      expect(found.map(({ text }) => text).sort()).toEqual([...expected.keys()].sort());
      for (const { text, score, scoreParts, words: read } of found) {
        expect(Math.exp(score)).toBeCloseTo(expected.get(text)!, 6);
        const sum = Object.values(scoreParts).reduce((total, part) => total + part, 0);
        expect(sum).toBeCloseTo(score, 9);
        expect(read.map(({ word }) => word).join(' ')).toBe(text);
      }
    }
  });

  it('widens a beam in which nothing may end', () => {
    // Three words are hardly heard, and nothing shorter may be.
    const unlikely = [0.97, 0.01, 0.01, 0.01];
    const emissions = emissionsOf(Array.from({ length: 12 }, () => unlikely));
    const decoder = new CtcBeamDecoder(words, {}, () => countingScorer(3, 3, 0));
    const found = decoder.decode(emissions, { ...options, beamWidth: 1, nBest: 3 });
    expect(found[0]!.words).toHaveLength(3);
  });

  it('gives an empty text of confidence 0 where nothing is possible', () => {
    const frames = emissionsOf([
      [0.5, 0, 0.5, 0],
      [0, 0, 0, 0],
    ]);
    const nothing = { text: '', words: [], confidence: 0, score: -Infinity };
    expect(new CtcBeamDecoder(words).decode(frames, options)).toMatchObject([nothing]);
    const tooMany = new CtcBeamDecoder(words, {}, () => countingScorer(3, 3, 0));
    const short = emissionsOf(randomProbs(new Random(5), 2, 4));
    expect(tooMany.decode(short, options)).toMatchObject([nothing]);
  });

  it('stops within the search where the checkpoint throws', () => {
    const emissions = emissionsOf(randomProbs(new Random(6), 300, 4));
    let left = 3;
    const checkpoint = () => {
      if (left-- === 0) throw new Error('cancelled');
    };
    expect(() => new CtcBeamDecoder(words).decode(emissions, { ...options, checkpoint })).toThrow(
      'cancelled',
    );
  });

  it('refuses emissions of other labels, and options that make no sense', () => {
    const decoder = new CtcBeamDecoder(words);
    const three = emissionsOf([[0.5, 0.25, 0.25]]);
    expect(() => decoder.decode(three, options)).toThrow(/expected 1 frames × 4 labels/);
    const four = emissionsOf([[0.5, 0.1, 0.2, 0.2]]);
    expect(() => decoder.decode(four, { ...options, nBest: 0 })).toThrow(/nBest/);
    expect(() => decoder.decode(four, { ...options, beamWidth: 0 })).toThrow(/beamWidth/);
  });
});
