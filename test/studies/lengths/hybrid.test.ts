import { expect, it } from 'vitest';
import { digitTask } from '../../../src/studies/digits/digit-strings.ts';
import { hybridTargets, scaledLikelihoods } from '../../../src/studies/lengths/hybrid.ts';
import { trainHmm, wordStates } from '../../../src/studies/lengths/train-hmm.ts';

it('has a label for each frame by the HMM’s best path, pauses as one, and priors that sum to one', async () => {
  const task = await digitTask({ corpora: [], quick: true }, { train: 60, dev: 4 });
  const { parameters, looks } = await trainHmm(task, {
    iterations: 3,
    components: [1],
    seed: 1,
    signal: new AbortController().signal,
    look: () => 0,
    afterIteration: () => Promise.resolve(),
  });
  expect(looks).toHaveLength(1);
  const { labels, frames, logPriors, definition } = hybridTargets(parameters, task.train);
  expect(labels).toBe(10 * wordStates + 1);
  expect(definition.emissions).toBe(labels);
  expect(logPriors.reduce((sum, logPrior) => sum + Math.exp(logPrior), 0)).toBeCloseTo(1, 12);
  for (const [n, { features, labels: said }] of task.train.entries()) {
    expect(frames[n]).toHaveLength(features.frames);
    // Which digit a label is a state of, in order, comes to what is said.
    const digits = Array.from(frames[n]!, (label) => Math.floor(label / wordStates) + 1).filter(
      (digit) => digit <= 10,
    );
    const isNew = (digit: number, index: number, all: ArrayLike<number>) =>
      digit !== all[index - 1];
    expect(digits.filter(isNew)).toEqual(Array.from(said).filter(isNew));
  }
});

it('divides posteriors by priors', () => {
  const posteriors = { frames: 2, units: 2, logProbs: Float32Array.of(-1, -2, -3, -4) };
  expect(scaledLikelihoods(posteriors, Float64Array.of(-0.5, -1))).toEqual({
    frames: 2,
    units: 2,
    logProbs: Float32Array.of(-0.5, -1, -2.5, -3),
  });
});
