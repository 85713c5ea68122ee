import { describe, expect, it } from 'vitest';
import { FeatureExtractor } from '../../src/features/extractor.ts';
import type { FeatureMatrix } from '../../src/features/feature-matrix.ts';
import { frameWindow, windowNames } from '../../src/features/frame-window.ts';
import {
  type FeatureRecipe,
  featureRecipeSchema,
  fftSize,
  frameLengthSamples,
  frameShiftSamples,
} from '../../src/features/recipe.ts';
import { Random } from '../../src/math/random.ts';
import { textbookLogMel } from '../reference/textbook-features.ts';
import { kaldiRecipe } from './kaldi-recipes.ts';

const logMel8k = kaldiRecipe('log-mel', 8000, 40);

function noise(length: number, seed = 1): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length }, () => 0.1 * random.gaussian());
}

const allFinite = (features: FeatureMatrix) => features.values.every(Number.isFinite);

/** Everything at once: cepstra, energy, deltas, normalisation by variance, stacking. */
const fullRecipe: FeatureRecipe = {
  ...kaldiRecipe('mfcc', 8000, 23),
  useEnergy: true,
  deltas: { order: 2, window: 2 },
  normalisation: { kind: 'utterance', variance: true },
  stack: 3,
  stride: 2,
};

describe('FeatureExtractor', () => {
  it('equals the textbook for random recipes and any number of frames', () => {
    const random = new Random(7);
    for (let trial = 0; trial < 12; trial++) {
      const sampleRateHz = random.pick([8000, 11_025, 16_000, 22_050]);
      const recipe: FeatureRecipe = {
        ...logMel8k,
        sampleRateHz,
        frameLengthSeconds: random.pick([0.016, 0.02, 0.025, 0.032]),
        frameShiftSeconds: random.pick([0.005, 0.01, 0.0125]),
        window: random.pick(windowNames),
        preemphasis: random.pick([0, 0.5, 0.97]),
        removeDcOffset: random.chance(0.5),
        melBins: 8 + random.integer(10),
        lowHz: random.uniform(0, 200),
        highHz: sampleRateHz / 2 - random.uniform(0, 500),
      };
      const frames = 1 + trial;
      const length = frameLengthSamples(recipe) + (frames - 1) * frameShiftSamples(recipe) + 3;
      const samples = noise(length, trial);
      const window = frameWindow(recipe.window, frameLengthSamples(recipe));
      const expected = textbookLogMel(samples, {
        ...recipe,
        frameLength: frameLengthSamples(recipe),
        frameShift: frameShiftSamples(recipe),
        fftSize: fftSize(recipe),
        window: (n) => window[n]!,
      });
      const features = new FeatureExtractor(recipe).extract(samples);
      expect(features.frames).toBe(frames);
      expected.flat().forEach((value, index) => {
        expect(Math.abs(features.values[index]! - value)).toBeLessThan(5e-6);
      });
    }
  });

  it('makes no frame of samples shorter than one, and one as soon as they suffice', () => {
    const extractor = new FeatureExtractor(fullRecipe);
    for (const length of [0, 1, 199]) {
      const features = extractor.extract(new Float32Array(length));
      expect(features).toEqual({ frames: 0, dims: extractor.dims, values: new Float32Array(0) });
    }
    expect(extractor.extract(noise(200)).frames).toBe(1);
    expect(new FeatureExtractor(logMel8k).extract(noise(279)).frames).toBe(1);
    expect(new FeatureExtractor(logMel8k).extract(noise(280)).frames).toBe(2);
  });

  it('gives the dimensions and the frame shift of the final matrix', () => {
    const extractor = new FeatureExtractor(fullRecipe);
    expect(extractor.dims).toBe(13 * 3 * 3);
    expect(extractor.frameShiftSeconds).toBeCloseTo(0.02, 12);
    const features = extractor.extract(noise(8000));
    expect(features.dims).toBe(117);
    expect(features.frames).toBe(Math.ceil(98 / 2));
    expect(features.values).toHaveLength(117 * 49);
  });

  it.each([
    ['silence', new Float32Array(4000)],
    ['a constant', new Float32Array(4000).fill(0.7)],
    ['the largest float32', new Float32Array(4000).fill(3.4e38).map((x, n) => (n % 3 ? x : -x))],
    ['the smallest float32', new Float32Array(4000).fill(1.4e-45)],
    ['one click', Float32Array.from({ length: 4000 }, (_, n) => (n === 2000 ? 1 : 0))],
    ['a square wave', Float32Array.from({ length: 4000 }, (_, n) => (n % 80 < 40 ? 1 : -1))],
  ])('gives finite features for %s', (_, samples) => {
    expect(allFinite(new FeatureExtractor(fullRecipe).extract(samples))).toBe(true);
    expect(allFinite(new FeatureExtractor(logMel8k).extract(samples))).toBe(true);
  });

  it('gives the floor for every bin of digital silence', () => {
    const { values } = new FeatureExtractor(logMel8k).extract(new Float32Array(2000));
    for (const value of values) expect(value).toBeCloseTo(Math.log(2 ** -23), 5);
  });

  it('keeps a silent frame at the floor beside the loudest one', () => {
    const samples = new Float32Array(800);
    samples.set(noise(200).map((x) => Math.sign(x)));
    const { values, dims } = new FeatureExtractor({
      ...logMel8k,
      frameShiftSeconds: 0.025,
    }).extract(samples);
    for (const value of values.subarray(dims)) expect(value).toBeCloseTo(Math.log(2 ** -23), 5);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses a sample of %f', (bad) => {
    const samples = noise(1000);
    samples[500] = bad;
    expect(() => new FeatureExtractor(logMel8k).extract(samples)).toThrow(/finite samples/);
  });

  it('gives the same features again, whatever other extractors did in between', () => {
    const extractor = new FeatureExtractor(fullRecipe);
    const samples = noise(5000);
    const first = extractor.extract(samples);
    // the same sizes of FFT and filterbank, and so the same kernel, but other filters and frames
    new FeatureExtractor({ ...fullRecipe, lowHz: 300, frameLengthSeconds: 0.03 }).extract(
      noise(900),
    );
    expect(extractor.extract(samples)).toEqual(first);
  });

  it('moves a tone upwards by a warp above 1 and downwards by one below', () => {
    const samples = Float32Array.from({ length: 400 }, (_, n) =>
      Math.sin((2 * Math.PI * 1000 * n) / 8000),
    );
    const loudest = [0.85, 1, 1.15].map((melWarp) => {
      const { values, dims } = new FeatureExtractor(logMel8k, { melWarp }).extract(samples);
      const frame = values.subarray(0, dims);
      return frame.indexOf(Math.max(...frame));
    });
    expect(loudest[0]).toBeLessThan(loudest[1]!);
    expect(loudest[1]).toBeLessThan(loudest[2]!);
  });

  it('normalises by the given figures after the deltas and before the stacking', () => {
    const deltas = { order: 1, window: 2 };
    const plain: FeatureRecipe = { ...logMel8k, deltas };
    const mean = Array.from({ length: 80 }, (_, d) => d / 10);
    const inverseDeviation = Array.from({ length: 80 }, (_, d) => 1 + d / 80);
    const recipe = featureRecipeSchema.parse({
      ...plain,
      normalisation: { kind: 'global', mean, inverseDeviation },
      stack: 2,
    });
    const samples = noise(2000);
    const raw = new FeatureExtractor(plain).extract(samples);
    const { values } = new FeatureExtractor(recipe).extract(samples);
    const [t, d] = [4, 70];
    const expected = (raw.values[(t + 1) * 80 + d]! - mean[d]!) * inverseDeviation[d]!;
    expect(values[t * 160 + 80 + d]).toBeCloseTo(expected, 5);
  });
});
