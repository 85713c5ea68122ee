import type { GaussianMixtures } from '../../../src/hmm/emissions/gaussian-mixtures.ts';
import type { UpdateOptions } from '../../../src/hmm/emissions/mixture-update.ts';
import type { Random } from '../../../src/math/random.ts';
import type { PlainMixture } from '../../reference/hmm-textbook-em.ts';
import { randomProbs } from '../chains.ts';

/** @param mixtures one a state */
export function packed(mixtures: readonly PlainMixture[]): GaussianMixtures {
  const components = mixtures.flat();
  const componentStart = Int32Array.from([0, ...mixtures.map((mixture) => mixture.length)]);
  for (let s = 1; s < componentStart.length; s++) componentStart[s]! += componentStart[s - 1]!;
  return {
    states: mixtures.length,
    dims: components[0]!.mean.length,
    componentStart,
    logWeights: Float64Array.from(components, ({ weight }) => Math.log(weight)),
    means: Float64Array.from(components.flatMap(({ mean }) => mean)),
    variances: Float64Array.from(components.flatMap(({ variance }) => variance)),
  };
}

/** @param counts components of each state */
export function randomMixtures(
  random: Random,
  counts: readonly number[],
  dims: number,
): PlainMixture[] {
  const vector = (of: () => number) => Array.from({ length: dims }, of);
  return counts.map((count) =>
    randomProbs(random, count).map((weight) => ({
      weight,
      mean: vector(() => 2 * random.gaussian()),
      variance: vector(() => random.uniform(0.3, 2)),
    })),
  );
}

/** Frames that come from any of the components. */
export function randomFrames(
  random: Random,
  mixtures: readonly PlainMixture[],
  frames: number,
): number[][] {
  return Array.from({ length: frames }, () => {
    const { mean, variance } = random.pick(random.pick(mixtures));
    return mean.map((centre, d) => centre + Math.sqrt(variance[d]!) * random.gaussian());
  });
}

/** Textbook re-estimation: floors that nothing reaches. */
export function noFloors(dims: number): UpdateOptions {
  return {
    varianceFloor: new Float64Array(dims).fill(1e-9),
    minOccupancy: 0,
    starved: 'keep',
    weightFloor: 0,
  };
}
