import { describe, expect, it } from 'vitest';
import { resample } from '../../src/audio/resample.ts';
import { Random } from '../../src/math/random.ts';
import { resampleDirectly } from '../reference/resample.ts';

/** Longer than the widest filter reaches, so that the middle sees no edge. */
const seconds = 0.25;

function tone(hz: number, rateHz: number, phase = 0.3): Float32Array {
  return Float32Array.from({ length: Math.round(rateHz * seconds) }, (_, i) =>
    Math.sin((2 * Math.PI * hz * i) / rateHz + phase),
  );
}

function rms(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

/** The middle half, away from where the signal is switched on and off. */
function middle(values: Float32Array): Float32Array {
  return values.subarray(values.length >> 2, (values.length * 3) >> 2);
}

function decibels(ratio: number): number {
  return 20 * Math.log10(ratio);
}

/** Highest level, in dB of the input's, that a tone from the lower Nyquist frequency up leaves. */
function worstAlias(fromHz: number, toHz: number): number {
  let worst = -Infinity;
  for (let hz = toHz / 2; hz <= fromHz / 2; hz += (fromHz - toHz) / 2 / 60) {
    const input = tone(hz, fromHz);
    const left = rms(middle(resample(input, fromHz, toHz)));
    worst = Math.max(worst, decibels(left / Math.SQRT1_2));
  }
  return worst;
}

/** Highest level, in dB, of what differs from the ideal tone at the output's rate, images included. */
function worstPassBandError(fromHz: number, toHz: number): number {
  let worst = -Infinity;
  const edgeHz = 0.88 * (Math.min(fromHz, toHz) / 2);
  for (let hz = 20; hz <= edgeHz; hz += edgeHz / 40) {
    const output = resample(tone(hz, fromHz), fromHz, toHz);
    const error = output.map((value, i) => value - Math.sin((2 * Math.PI * hz * i) / toHz + 0.3));
    worst = Math.max(worst, decibels(rms(middle(error)) / Math.SQRT1_2));
  }
  return worst;
}

describe('resample', () => {
  it.each([
    [16000, 8000],
    [48000, 8000],
    [48000, 16000],
    [44100, 8000],
    [22050, 16000],
    [11025, 8000],
    [8000, 7234],
  ])('suppresses by 80 dB what would alias from %i to %i Hz', (fromHz, toHz) => {
    expect(worstAlias(fromHz, toHz)).toBeLessThan(-80);
  });

  it.each([
    [16000, 8000],
    [48000, 8000],
    [44100, 16000],
    [8000, 16000],
    [8000, 48000],
    [11025, 8000],
    [8000, 7234],
    [8000, 8777],
  ])(
    'leaves the pass band of %i to %i Hz as it is, in level and in time, to -80 dB',
    (fromHz, toHz) => {
      expect(worstPassBandError(fromHz, toHz)).toBeLessThan(-80);
    },
  );

  it.each([
    [16000, 8000, 1e-6],
    [48000, 8000, 1e-6],
    [44100, 8000, 1e-6],
    [8000, 11025, 1e-6],
    [8000, 7200, 1e-6],
    [8000, 7234, 2e-5],
    [47999, 8001, 2e-5],
  ])(
    'equals the direct form from %i to %i Hz, edges included, within %d',
    (fromHz, toHz, tolerance) => {
      const random = new Random(fromHz + toHz);
      for (const length of [1, 2, 7, 100, 1001]) {
        const input = Float32Array.from({ length }, () => random.uniform(-1, 1));
        const output = resample(input, fromHz, toHz);
        const expected = resampleDirectly(input, fromHz, toHz);
        expect(output.length).toBe(expected.length);
        for (let i = 0; i < output.length; i++) {
          expect(Math.abs(output[i]! - expected[i]!)).toBeLessThan(tolerance);
        }
      }
    },
  );

  it('gives round(length × to / from) samples, none for none', () => {
    const random = new Random(5);
    for (let round = 0; round < 200; round++) {
      const length = random.integer(3000);
      const fromHz = 8000 + random.integer(40001);
      const toHz = 8000 + random.integer(40001);
      const output = resample(new Float32Array(length).fill(0.5), fromHz, toHz);
      expect(output.length).toBe(Math.round((length * toHz) / fromHz));
      expect(output.every(Number.isFinite)).toBe(true);
    }
    expect(resample(new Float32Array(0), 16000, 8000)).toHaveLength(0);
  });

  it('does not depend on which ratios were asked for before', () => {
    const input = tone(440, 16000);
    const before = resample(input, 16000, 8000);
    for (let toHz = 8001; toHz < 8080; toHz++) resample(input.subarray(0, 50), 16000, toHz);
    expect(resample(input, 16000, 8000)).toEqual(before);
  });

  it('copies where the rates are equal', () => {
    const input = tone(440, 8000);
    const output = resample(input, 8000, 8000);
    expect(output).toEqual(input);
    expect(output.buffer).not.toBe(input.buffer);
  });

  it.each([
    [0, 8000],
    [8000, 0],
    [8000.5, 8000],
    [8000, Number.NaN],
    [8000, 128001],
    [128001, 8000],
  ])('rejects the rates %d and %d', (fromHz, toHz) => {
    expect(() => resample(new Float32Array(10), fromHz, toHz)).toThrow(/\[resample\] expected/);
  });
});
