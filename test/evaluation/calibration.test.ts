import { describe, expect, it } from 'vitest';
import { type ConfidenceMap, calibrated, identityMap } from '../../src/decoding/confidence-map.ts';
import {
  crossCalibrated,
  fitConfidenceMap,
  type Judged,
} from '../../src/evaluation/calibration.ts';
import { confidenceReport } from '../../src/evaluation/confidence.ts';
import { speakerHalves } from '../../src/evaluation/halves.ts';
import { Random } from '../../src/math/random.ts';

/** Texts of up to twenty seconds that are right as often as a map says. */
function textsUnder(map: ConfidenceMap, count: number, random: Random): Judged[] {
  return Array.from({ length: count }, () => {
    const confidence = random.chance(0.5) ? random.next() : 1 - random.next() ** 4;
    const seconds = 20 * random.next();
    return { confidence, seconds, right: random.chance(calibrated(confidence, map, seconds)) };
  });
}

/** −ln of the posterior by its definition. */
function costOf(map: ConfidenceMap, texts: readonly Judged[]): number {
  const { low, high, intercept, wordless } = map;
  const prior = ((low - 1) ** 2 + (high - 1) ** 2 + intercept ** 2 + wordless ** 2) / 2;
  return texts.reduce((sum, { confidence, seconds, right }) => {
    const p = calibrated(confidence, map, seconds);
    return sum - Math.log(right ? p : 1 - p);
  }, prior);
}

describe('fitConfidenceMap', () => {
  it('is the identity without words, and near it with one', () => {
    expect(fitConfidenceMap([])).toEqual(identityMap);
    const { low, high, intercept, wordless } = fitConfidenceMap([{ confidence: 0.6, right: true }]);
    for (const moved of [low - 1, high - 1, intercept]) expect(Math.abs(moved)).toBeLessThan(0.4);
    expect(wordless).toBe(0);
  });

  it('finds the map that texts were drawn from', () => {
    const map = { low: 0.5, high: 0.7, intercept: 0.8, wordless: 0.6 };
    const fitted = fitConfidenceMap(textsUnder(map, 20_000, new Random(91)));
    for (const seconds of [0, 2, 15]) {
      for (let p = 0.05; p < 1; p += 0.05) {
        const apart = calibrated(p, fitted, seconds) - calibrated(p, map, seconds);
        expect(Math.abs(apart)).toBeLessThan(0.03);
      }
    }
  });

  it('is better than any map near it or far from it, on texts of any kind', () => {
    const random = new Random(92);
    for (let trial = 0; trial < 30; trial++) {
      const truth = {
        low: random.uniform(0, 3),
        high: random.uniform(0, 3),
        intercept: 2 * random.gaussian(),
        wordless: random.integer(2) * random.next(),
      };
      const texts = textsUnder(truth, 1 + random.integer(60), random).map((text) =>
        trial % 3 === 0 ? { ...text, right: text.confidence < 0.5 } : text,
      );
      const best = fitConfidenceMap(texts);
      const cost = costOf(best, texts);
      expect(Math.min(best.low, best.high, best.wordless)).toBeGreaterThanOrEqual(0);
      for (let other = 0; other < 200; other++) {
        const reach = 10 ** -random.integer(5);
        const map = {
          low: Math.max(0, best.low + reach * random.gaussian()),
          high: Math.max(0, best.high + reach * random.gaussian()),
          intercept: best.intercept + reach * random.gaussian(),
          wordless: Math.max(0, best.wordless + reach * random.gaussian()),
        };
        expect(costOf(map, texts)).toBeGreaterThanOrEqual(cost - 1e-9);
      }
    }
  });

  it('never falls, even where sure words are the wrong ones', () => {
    const backwards = Array.from({ length: 100 }, (_, i) => ({
      confidence: i / 100,
      right: i < 50,
    }));
    const { low, high } = fitConfidenceMap(backwards);
    expect([low, high]).toEqual([0, 0]);
  });
});

describe('crossCalibrated', () => {
  it('takes overconfidence away, measured on words that it did not see', () => {
    const random = new Random(93);
    const truth = { low: 0.4, high: 0.4, intercept: -1, wordless: 0 };
    const words = textsUnder(truth, 4000, random).map((word) => ({
      ...word,
      half: random.integer(2),
    }));
    const mapped = crossCalibrated(words, ({ half }) => half);
    expect(confidenceReport(words).calibrationError).toBeGreaterThan(0.2);
    expect(confidenceReport(mapped).calibrationError).toBeLessThan(0.03);
    expect(mapped.map(({ right }) => right)).toEqual(words.map(({ right }) => right));
  });

  it('maps a word by the other half alone', () => {
    const own = { confidence: 0.7, right: false, half: 0 };
    const others = Array.from({ length: 50 }, () => ({ confidence: 0.7, right: true, half: 1 }));
    const [mapped] = crossCalibrated([own, ...others], ({ half }) => half);
    expect(mapped!.confidence).toBe(calibrated(0.7, fitConfidenceMap(others)));
  });
});

describe('speakerHalves', () => {
  const everyone = ['a', 'b'].flatMap((corpus) =>
    Array.from({ length: 30 }, (_, i) => ({ corpus, speaker: `${i % 10}` })),
  );

  it('puts every speaker in one half, and half of those of each corpus', () => {
    const half = speakerHalves(everyone, 5);
    for (const corpus of ['a', 'b']) {
      const halves = Array.from({ length: 10 }, (_, i) => half({ corpus, speaker: `${i}` }));
      expect(halves.filter((one) => one === 1)).toHaveLength(5);
    }
  });

  it('depends on the seed, and not on the order', () => {
    const halves = (seed: number, order = everyone) =>
      everyone.map(speakerHalves(order, seed)).join('');
    expect(halves(5)).toBe(halves(5, everyone.toReversed()));
    expect(new Set([1, 2, 3, 4].map((seed) => halves(seed))).size).toBeGreaterThan(1);
  });
});
