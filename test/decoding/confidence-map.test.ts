import { describe, expect, it } from 'vitest';
import type { Aligner } from '../../src/decoding/aligner.ts';
import { calibratedAligner, calibratedDecoder } from '../../src/decoding/calibrated-readers.ts';
import {
  type ConfidenceMap,
  calibrated,
  confidenceMapSchema,
  identityMap,
} from '../../src/decoding/confidence-map.ts';
import type { Decoder } from '../../src/decoding/decoder.ts';
import { Random } from '../../src/math/random.ts';

describe('a confidence map', () => {
  it('leaves confidences as they are where nothing was measured, but for the last doubt', () => {
    for (const p of [0.001, 0.3, 0.5, 0.9, 0.9999]) {
      expect(calibrated(p, identityMap)).toBeCloseTo(p, 12);
    }
    expect(calibrated(1, identityMap)).toBeCloseTo(1 - 1e-6, 12);
    expect(calibrated(0, identityMap)).toBeCloseTo(1e-6, 12);
  });

  it('weighs what speaks for a word and against it, and how long nothing was heard', () => {
    const map = { low: 0.5, high: 2, intercept: -1, wordless: 0.3 };
    const p = 0.8;
    const logit = -1 + 0.5 * Math.log(p) - 2 * Math.log(1 - p);
    expect(calibrated(p, map)).toBeCloseTo(1 / (1 + Math.exp(-logit)), 12);
    const longer = logit - 0.3 * Math.log(9);
    expect(calibrated(p, map, 9)).toBeCloseTo(1 / (1 + Math.exp(-longer)), 12);
    expect(calibrated(p, map, 1)).toBe(calibrated(p, map));
    expect(calibrated(p, map, 3600)).toBe(calibrated(p, map, 20));
  });

  it('never falls, nor rises with what is without a word, and stays in [0, 1], whatever its numbers', () => {
    const random = new Random(81);
    for (let trial = 0; trial < 200; trial++) {
      const map: ConfidenceMap = {
        low: random.integer(2) * random.uniform(0, 50),
        high: random.integer(2) * random.uniform(0, 50),
        intercept: random.uniform(-50, 50),
        wordless: random.integer(2) * random.uniform(0, 50),
      };
      let before = 0;
      for (let p = 0; p <= 1; p += 1 / 64) {
        const mapped = calibrated(p, map);
        expect(mapped).toBeGreaterThanOrEqual(before);
        expect(mapped).toBeLessThanOrEqual(1);
        expect(calibrated(p, map, 5)).toBeLessThanOrEqual(mapped);
        before = mapped;
      }
    }
  });

  it('may not fall', () => {
    const check = (map: object) =>
      confidenceMapSchema.safeParse({ ...identityMap, ...map }).success;
    expect(check({ low: 0, high: 0, intercept: -3 })).toBe(true);
    for (const wrong of [{ low: -1 }, { high: -1 }, { wordless: -1 }]) {
      expect(check(wrong)).toBe(false);
    }
  });
});

describe('a calibrated decoder or aligner', () => {
  const word = { word: 'one', startSeconds: 0, endSeconds: 1, confidence: 0.9 };
  const emissions = { frames: 0, units: 1, logProbs: new Float32Array(0) };
  const options = { frameShiftSeconds: 0.01, durationSeconds: 7 };
  const maps = {
    word: { ...identityMap, intercept: -1 },
    text: { ...identityMap, intercept: -2, wordless: 0.5 },
  };
  const decoder: Decoder = {
    name: 'hmm',
    decode: () => [
      { text: 'one', words: [word], confidence: 0.8, score: -1, scoreParts: { acoustic: -1 } },
    ],
  };
  const aligner: Aligner = {
    name: 'hmm',
    align: () => ({ words: [{ ...word, score: -1, units: [] }], score: -1 }),
  };

  it('maps confidences of words and texts, each by its own map, and nothing else', () => {
    const [hypothesis] = calibratedDecoder(decoder, maps).decode(emissions, options);
    const [bare] = decoder.decode(emissions, options);
    expect(hypothesis).toEqual({
      ...bare,
      confidence: calibrated(0.8, maps.text, 6),
      words: [{ ...word, confidence: calibrated(0.9, maps.word) }],
    });
    const alignment = calibratedAligner(aligner, maps).align(emissions, ['one'], options);
    expect(alignment.words[0]!.confidence).toBe(hypothesis!.words[0]!.confidence);
    expect(calibratedDecoder(decoder, maps).name).toBe('hmm');
    expect(calibratedAligner(aligner, maps).name).toBe('hmm');
  });

  it('maps nothing under a grammar of the request, which leaves other choices than were measured', () => {
    const held = { ...options, grammar: { start: 0, finals: [], arcs: [] } as never };
    expect(calibratedDecoder(decoder, maps).decode(emissions, held)).toEqual(
      decoder.decode(emissions, held),
    );
  });

  it('is the same as before where nothing was measured', () => {
    expect(calibratedDecoder(decoder, undefined)).toBe(decoder);
    expect(calibratedAligner(aligner, undefined)).toBe(aligner);
  });
});
