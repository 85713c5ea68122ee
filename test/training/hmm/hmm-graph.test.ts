import { describe, expect, it } from 'vitest';
import { AcousticModel } from '../../../src/acoustic/acoustic-model.ts';
import type { FeatureMatrix } from '../../../src/features/feature-matrix.ts';
import type { GaussianMixtures } from '../../../src/hmm/emissions/gaussian-mixtures.ts';
import { MixtureScorer } from '../../../src/hmm/emissions/mixture-scorer.ts';
import { Random } from '../../../src/math/random.ts';
import { encodeModel } from '../../../src/onnx/encode.ts';
import { hmmGraph } from '../../../src/training/hmm/hmm-graph.ts';
import { applyTransform, type FrameTransform } from '../../../src/training/hmm/transform.ts';

function randomMixtures(counts: readonly number[], dims: number, random: Random): GaussianMixtures {
  const componentStart = new Int32Array(counts.length + 1);
  const logWeights: number[] = [];
  counts.forEach((count, s) => {
    componentStart[s + 1] = componentStart[s]! + count;
    const weights = Array.from({ length: count }, () => 0.1 + random.next());
    const sum = weights.reduce((a, b) => a + b);
    logWeights.push(...weights.map((weight) => Math.log(weight / sum)));
  });
  const size = logWeights.length * dims;
  return {
    states: counts.length,
    dims,
    componentStart,
    logWeights: Float64Array.from(logWeights),
    means: Float64Array.from({ length: size }, () => random.gaussian()),
    variances: Float64Array.from({ length: size }, () => 0.2 + random.next()),
  };
}

function randomFeatures(frames: number, dims: number, random: Random): FeatureMatrix {
  return {
    frames,
    dims,
    values: Float32Array.from({ length: frames * dims }, () => 2 * random.gaussian()),
  };
}

const transformOf = (random: Random): FrameTransform => ({
  context: 2,
  inputDims: 3,
  outputDims: 5,
  matrix: Float64Array.from({ length: 5 * 5 * 3 }, () => 0.4 * random.gaussian()),
});

async function loaded(mixtures: GaussianMixtures, transform?: FrameTransform) {
  return AcousticModel.load(encodeModel(hmmGraph(mixtures, transform)), {
    dims: transform?.inputDims ?? mixtures.dims,
    units: mixtures.states,
  });
}

describe('the graph of Gaussian mixtures', () => {
  const cases = [
    { what: 'one Gaussian a state', counts: [1, 1, 1] },
    { what: 'mixtures of different sizes', counts: [4, 1, 7, 2] },
  ];

  it.each(cases)('scores frames as the training does, with $what', async ({ counts }) => {
    const random = new Random(counts.length);
    const mixtures = randomMixtures(counts, 5, random);
    const features = randomFeatures(40, 5, random);
    const model = await loaded(mixtures);
    const [emissions] = await model.run([features]);
    const expected = new MixtureScorer(mixtures).score(features.values, 40).logProbs;
    expect(emissions!.units).toBe(counts.length);
    emissions!.logProbs.forEach((logProb, index) => {
      expect(Math.abs(logProb - expected[index]!)).toBeLessThan(1e-3);
    });
    await model.release();
  });

  it('reads frames with their neighbours through a transform, to the edges', async () => {
    const random = new Random(8);
    const transform = transformOf(random);
    const mixtures = randomMixtures([2, 3], 5, random);
    const model = await loaded(mixtures, transform);
    for (const frames of [1, 2, 3, 17]) {
      const features = randomFeatures(frames, 3, random);
      const [emissions] = await model.run([features]);
      const through = applyTransform(features, transform).values;
      const expected = new MixtureScorer(mixtures).score(through, frames).logProbs;
      emissions!.logProbs.forEach((logProb, index) => {
        expect(Math.abs(logProb - expected[index]!)).toBeLessThan(1e-3);
      });
    }
    await model.release();
  });

  it('gives long sequences the same scores in parts as at once', async () => {
    const random = new Random(10);
    const mixtures = randomMixtures([2, 3], 5, random);
    const transform = transformOf(random);
    const graph = encodeModel(hmmGraph(mixtures, transform));
    const shape = { dims: transform.inputDims, units: mixtures.states };
    const whole = await AcousticModel.load(graph, shape);
    const inParts = await AcousticModel.load(graph, shape, transform.context);
    for (const frames of [1, 255, 256, 257, 258, 700]) {
      const features = randomFeatures(frames, 3, random);
      const [expected] = await whole.run([features]);
      const [emissions] = await inParts.run([features]);
      expect(emissions!.frames).toBe(frames);
      emissions!.logProbs.forEach((logProb, index) => {
        expect(Math.abs(logProb - expected!.logProbs[index]!)).toBeLessThan(1e-4);
      });
    }
    await Promise.all([whole.release(), inParts.release()]);
  });

  it('gives a sequence the same scores, bit for bit, alone and in any batch', async () => {
    const random = new Random(9);
    const mixtures = randomMixtures(
      Array.from({ length: 20 }, (_, s) => 1 + (s % 5)),
      5,
      random,
    );
    const model = await loaded(mixtures, transformOf(random));
    const sequences = [1, 2, 5, 64, 33, 1, 7].map((frames) => randomFeatures(frames, 3, random));
    const together = await model.run(sequences);
    for (const [index, sequence] of sequences.entries()) {
      const [alone] = await model.run([sequence]);
      expect(together[index]).toEqual(alone);
    }
    await model.release();
  });
});
