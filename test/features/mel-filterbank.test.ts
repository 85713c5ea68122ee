import { describe, expect, it } from 'vitest';
import { hzOfMel, melFilterbank, melOfHz } from '../../src/features/mel-filterbank.ts';
import { warpFrequency } from '../../src/features/mel-warp.ts';

const band = { sampleRateHz: 16_000, melBins: 20, lowHz: 100, highHz: 7000 };

describe('melFilterbank', () => {
  it('divides every point of the band between two filters, and none outside it', () => {
    const { segmentStart, rising } = melFilterbank(band, 512);
    const point = 16_000 / 512;
    expect(segmentStart[0]).toBe(Math.floor(100 / point) + 1);
    expect(segmentStart[21]).toBe(Math.floor(7000 / point) + 1);
    rising.forEach((weight, k) => {
      const inside = k >= segmentStart[0]! && k < segmentStart[21]!;
      if (inside) expect(weight).toBeGreaterThan(0);
      else expect(weight).toBe(0);
      expect(weight).toBeLessThanOrEqual(1);
    });
  });

  it('takes mel and hertz for inverses of each other', () => {
    for (const hz of [0, 20, 1000, 8000]) expect(hzOfMel(melOfHz(hz))).toBeCloseTo(hz, 8);
    expect(melOfHz(1000)).toBeCloseTo(1000, 0);
  });

  it('refuses a band outside the spectrum', () => {
    expect(() => melFilterbank({ ...band, highHz: 8001 }, 512)).toThrow(RangeError);
    expect(() => melFilterbank({ ...band, lowHz: 7000 }, 512)).toThrow(RangeError);
    expect(() => melFilterbank({ ...band, lowHz: -1 }, 512)).toThrow(RangeError);
  });

  it('refuses so many filters that one holds no point of the spectrum', () => {
    expect(() => melFilterbank({ ...band, melBins: 150 }, 512)).toThrow(/holds no point/);
  });
});

describe('warpFrequency', () => {
  const edges = { lowHz: 20, highHz: 4000 };

  it.each([0.8, 0.95, 1, 1.1, 1.25])('keeps the edges and rises throughout at %f', (factor) => {
    expect(warpFrequency(20, factor, edges)).toBeCloseTo(20, 9);
    expect(warpFrequency(4000, factor, edges)).toBeCloseTo(4000, 9);
    let before = 20;
    for (let hz = 21; hz <= 4000; hz++) {
      const warped = warpFrequency(hz, factor, edges);
      expect(warped).toBeGreaterThan(before);
      before = warped;
    }
  });

  it('divides by the factor in the middle of the band', () => {
    expect(warpFrequency(1500, 1.2, edges)).toBeCloseTo(1250, 9);
  });

  it.each([0, -1, Number.NaN, 50])('refuses a factor of %f', (factor) => {
    expect(() => warpFrequency(1000, factor, edges)).toThrow(RangeError);
  });
});
