import { describe, expect, it } from 'vitest';
import { HmmDecoder } from '../../../src/hmm/decoder.ts';
import { hmmDefinitionSchema } from '../../../src/hmm/definition.ts';
import { wordList, wordLoop, wordString } from '../../../src/language/simple-graphs.ts';
import { describeDecoder } from '../../decoder-cases.ts';
import { spoken, twoWords } from './two-words.ts';

const options = { frameShiftSeconds: 0.01, durationSeconds: 10 };
const oneTwo = spoken(
  [{ frames: 4 }, { word: 'one', frames: 9 }, { word: 'two', frames: 9 }, { frames: 4 }],
  2,
);
const none = { frames: 0, units: 8, logProbs: new Float32Array(0) };
const partsOf = (scoreParts: Readonly<Record<string, number>>) =>
  Object.values(scoreParts).reduce((sum, part) => sum + part, 0);

describeDecoder({
  name: 'hmm',
  decoder: new HmmDecoder(twoWords),
  givesMany: true,
  emissionsOf: spoken,
});

describe('decoding with an HMM', () => {
  it('hears only what its grammar allows', () => {
    const [one] = new HmmDecoder(twoWords, { graph: wordList(['one', 'two']) }).decode(
      oneTwo,
      options,
    );
    expect(['one', 'two']).toContain(one!.text);
    const three = new HmmDecoder(twoWords, { graph: wordString(['one', 'two'], 3, 3) });
    expect(three.decode(oneTwo, options)[0]!.words).toHaveLength(3);
    const definition = hmmDefinitionSchema.parse({
      ...twoWords,
      decoding: {
        ...twoWords.decoding,
        grammar: { kind: 'finite', grammar: { sequence: ['two', 'one'] } },
      },
    });
    expect(new HmmDecoder(definition).decode(oneTwo, options)[0]!.text).toBe('two one');
  });

  it('asks for fewer words with a lower penalty, and tells what it cost', () => {
    const frugal = { ...twoWords, decoding: { ...twoWords.decoding, wordPenalty: -100 } };
    const [best] = new HmmDecoder(twoWords).decode(oneTwo, options);
    expect(best!.text).toBe('one two');
    expect(best!.scoreParts['words']).toBe(-2);
    expect(new HmmDecoder(frugal).decode(oneTwo, options)[0]!.text).toBe('');
  });

  it('gives scores whose parts add up, for each of n best', () => {
    const hypotheses = new HmmDecoder(twoWords).decode(oneTwo, { ...options, nBest: 10 });
    expect(hypotheses).toHaveLength(10);
    for (const { score, scoreParts } of hypotheses) {
      expect(partsOf(scoreParts)).toBeCloseTo(score, 9);
    }
  });

  it('prints nothing for speech outside the vocabulary', () => {
    const other = new Float32Array(8 * 20).fill(-5);
    for (let t = 0; t < 20; t++) other[t * 8 + 7] = 0;
    const emissions = { frames: 20, units: 8, logProbs: other };
    const [best] = new HmmDecoder(twoWords).decode(emissions, options);
    expect(best).toMatchObject({ text: '', words: [] });
    expect(best!.scoreParts['words']).toBe(-3);
  });

  it('hears nothing in no frames, and is sure of it where that is allowed', () => {
    const loop = new HmmDecoder(twoWords).decode(none, { ...options, durationSeconds: 0 });
    expect(loop).toHaveLength(1);
    expect(loop[0]).toMatchObject({ text: '', words: [], confidence: 1, score: 0 });
    const list = new HmmDecoder(twoWords, { graph: wordList(['one']) }).decode(none, options);
    expect(list[0]).toMatchObject({ text: '', words: [], confidence: 0, score: -Infinity });
  });

  it('has an empty hypothesis of no confidence for what is impossible', () => {
    const impossible = { frames: 3, units: 8, logProbs: new Float32Array(24).fill(-Infinity) };
    const short = spoken([{ word: 'one', frames: 2 }], 3);
    for (const [decoder, emissions] of [
      [new HmmDecoder(twoWords), impossible],
      [new HmmDecoder(twoWords, { graph: wordList(['one']) }), short],
    ] as const) {
      const hypotheses = decoder.decode(emissions, { ...options, nBest: 3 });
      expect(hypotheses).toHaveLength(1);
      expect(hypotheses[0]).toMatchObject({ text: '', confidence: 0, score: -Infinity });
      expect(partsOf(hypotheses[0]!.scoreParts)).toBe(-Infinity);
    }
  });

  it('stays finite over ten minutes of frames that say nothing, n best among them', () => {
    const flat = { frames: 60_000, units: 8, logProbs: new Float32Array(480_000).fill(-90) };
    const hypotheses = new HmmDecoder(twoWords).decode(flat, { ...options, nBest: 3 });
    expect(hypotheses[0]!.text).toBe('');
    expect(hypotheses.length).toBeGreaterThan(0);
    for (const { score, confidence, scoreParts } of hypotheses) {
      expect(Number.isFinite(score)).toBe(true);
      expect(partsOf(scoreParts)).toBeCloseTo(score, 3);
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(1);
    }
  });

  it('refuses words that the lexicon lacks and n best of none', () => {
    expect(() => new HmmDecoder(twoWords, { graph: wordLoop(['three']) })).toThrow(
      '[buildDecodingNetwork] expected words of the lexicon, got "three"',
    );
    for (const nBest of [0, 1.5, Number.NaN]) {
      expect(() => new HmmDecoder(twoWords).decode(oneTwo, { ...options, nBest })).toThrow(
        /nBest of at least 1/u,
      );
    }
  });
});
