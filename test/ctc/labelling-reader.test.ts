import { describe, expect, it } from 'vitest';
import type { Alphabet } from '../../src/alphabet/alphabet.ts';
import { bestPath } from '../../src/ctc/best-path.ts';
import { LabellingReader, type ReadingSettings } from '../../src/ctc/labelling-reader.ts';
import { Random } from '../../src/math/random.ts';
import { emissionsOf, inShorthand, letters, randomProbs, spelt, words } from './emissions.ts';

/** What the best path of emissions that spell something reads as. */
function read(
  alphabet: Alphabet,
  spelling: string,
  { durationSeconds = 100, ...settings }: ReadingSettings & { durationSeconds?: number } = {},
) {
  const emissions = spelt(inShorthand(alphabet, spelling), alphabet.size, 12);
  const { labels } = bestPath(emissions, alphabet.blank);
  const reader = new LabellingReader(alphabet, settings);
  return reader.wordsOf(emissions, labels, { frameShiftSeconds: 0.1, durationSeconds });
}

function timesOf(...reading: Parameters<typeof read>) {
  return read(...reading).words.map(({ startSeconds, endSeconds }) =>
    [startSeconds, endSeconds].map((seconds) => Number(seconds.toFixed(3))),
  );
}

describe('words of a labelling', () => {
  it('are its labels, or the characters between its spaces, without the filler', () => {
    expect(read(words, '_1#_2__1').words.map(({ word }) => word)).toEqual(['one', 'two', 'one']);
    expect(read(letters, ' ab_b  a# ').words.map(({ word }) => word)).toEqual(['abb', 'a']);
    expect(read(letters, ' _ #').words).toEqual([]);
  });
});

describe('times of a labelling', () => {
  it('reach 150 ms beyond the middle of a word and 50 ms beyond characters, if nobody knows better', () => {
    expect(timesOf(words, '_____11____')).toEqual([[0.45, 0.75]]);
    expect(timesOf(letters, '____a_bb____')).toEqual([[0.4, 0.75]]);
  });

  it('reach no further than half of the way to the next word or filler', () => {
    expect(timesOf(words, '____1_2____')).toEqual([
      [0.3, 0.55],
      [0.55, 0.8],
    ]);
    expect(timesOf(words, '____1#2____')).toEqual([
      [0.3, 0.5],
      [0.6, 0.8],
    ]);
    expect(timesOf(words, '__##1#_____')).toEqual([[0.4, 0.5]]);
  });

  it('reach as far as is known of their labels', () => {
    const others = { start: -0.05, end: 0.05 };
    const times = { labels: { one: { start: -0.2, end: 0.4 } }, others };
    expect(timesOf(words, '____1_____2__', { times })).toEqual([
      [0.25, 0.85],
      [1, 1.1],
    ]);
    expect(timesOf(words, '____1__2_', { times })).toEqual([
      [0.25, 0.7],
      [0.7, 0.8],
    ]);
    const spelling = { labels: { a: { start: -0.2, end: 0 }, b: { start: 0, end: 0.3 } }, others };
    expect(timesOf(letters, '____ab_____', { times: spelling })).toEqual([[0.25, 0.85]]);
  });

  it('stay inside the recording', () => {
    expect(timesOf(words, '1')).toEqual([[0, 0.2]]);
    expect(timesOf(words, '1__2', { durationSeconds: 0.37 })).toEqual([
      [0, 0.2],
      [0.2, 0.37],
    ]);
    expect(timesOf(words, '1__2', { durationSeconds: 0.03 })).toEqual([
      [0, 0.03],
      [0.03, 0.03],
    ]);
  });

  it('come in order and inside the recording for whatever a network says', () => {
    const random = new Random(71);
    for (const alphabet of [words, letters]) {
      for (let trial = 0; trial < 60; trial++) {
        const emissions = emissionsOf(randomProbs(random, 1 + random.integer(40), alphabet.size));
        const durationSeconds = random.uniform(0.5, 1.1) * 0.03 * emissions.frames;
        const { labels } = bestPath(emissions, alphabet.blank);
        const reader = new LabellingReader(alphabet);
        const options = { frameShiftSeconds: 0.03, durationSeconds };
        let earliest = 0;
        for (const word of reader.wordsOf(emissions, labels, options).words) {
          expect(word.startSeconds).toBeGreaterThanOrEqual(earliest);
          expect(word.endSeconds).toBeGreaterThanOrEqual(word.startSeconds);
          earliest = word.endSeconds;
        }
        expect(earliest).toBeLessThanOrEqual(durationSeconds);
      }
    }
  });

  it('are refused for labels that there are not', () => {
    const others = { start: 0, end: 0 };
    const times = { labels: { three: others }, others };
    expect(() => new LabellingReader(words, { times })).toThrow(RangeError);
  });
});

describe('confidences of a labelling', () => {
  const options = { frameShiftSeconds: 0.1, durationSeconds: 100 };

  it('of a word are over all paths, not those through its likeliest frame alone', () => {
    const emissions = emissionsOf([
      [0.5, 0, 0.5, 0],
      [0.5, 0, 0.5, 0],
    ]);
    const read = new LabellingReader(words).wordsOf(emissions, Int32Array.of(2), options);
    expect(read.words[0]!.confidence).toBeCloseTo(0.75, 6);
    expect(read.confidence).toBeCloseTo(0.75, 6);
  });

  it('of a word do not depend on what is said elsewhere', () => {
    const sure = [0.97, 0.01, 0.01, 0.01];
    const silence = Array<number[]>(10).fill(sure);
    const one = [0.1, 0.1, 0.7, 0.1];
    const doubtful = [0.3, 0.1, 0.3, 0.3];
    const followedBy = (row: number[]) => {
      const emissions = emissionsOf([...silence, one, ...silence, row, ...silence]);
      const labelling = Int32Array.of(2, 3);
      return new LabellingReader(words).wordsOf(emissions, labelling, options);
    };
    const [clear, unclear] = [followedBy([0.01, 0.01, 0.01, 0.97]), followedBy(doubtful)];
    expect(unclear.words[0]!.confidence).toBeCloseTo(clear.words[0]!.confidence, 6);
    expect(unclear.words[1]!.confidence).toBeLessThan(0.5 * clear.words[1]!.confidence);
    expect(unclear.confidence).toBeLessThan(0.5 * clear.confidence);
  });

  it('of a word of characters are those of all its characters, with or without spaces around', () => {
    const emissions = emissionsOf([
      [0.1, 0.1, 0.1, 0.6, 0.1],
      [0.1, 0.1, 0.1, 0.2, 0.5],
    ]);
    const read = new LabellingReader(letters).wordsOf(emissions, Int32Array.of(3, 4), options);
    expect(read.words[0]!.confidence).toBeCloseTo(0.3, 6);
    const spaced = spelt(inShorthand(letters, ' ab '), 5, 12);
    const { words: read2 } = new LabellingReader(letters).wordsOf(
      spaced,
      Int32Array.of(2, 3, 4, 2),
      options,
    );
    expect(read2[0]!.confidence).toBeGreaterThan(0.99);
  });

  it('stay in [0, 1] for ten minutes of flat emissions and for impossible ones', () => {
    const flat = spelt(Array<number>(20_000).fill(0), 4, 1e-3);
    const impossible = { frames: 2, units: 4, logProbs: new Float32Array(8).fill(-Infinity) };
    for (const emissions of [flat, impossible]) {
      for (const labelling of [[], [2], [2, 3]]) {
        const reader = new LabellingReader(words);
        const read = reader.wordsOf(emissions, Int32Array.from(labelling), options);
        expect(read.words).toHaveLength(labelling.length);
        for (const { confidence } of [read, ...read.words]) {
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
        }
      }
    }
    const { words: found, confidence } = new LabellingReader(words).wordsOf(
      impossible,
      Int32Array.of(2, 3),
      options,
    );
    expect([confidence, ...found.map((word) => word.confidence)]).toEqual([0, 0, 0]);
  });
});
