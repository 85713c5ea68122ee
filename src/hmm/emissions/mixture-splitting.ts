import type { GaussianMixtures } from './gaussian-mixtures.ts';

/** How far, in standard deviations, the halves of a component go from its mean (HTK's `MU`). */
const perturbation = 0.2;

/**
 * Mixtures with more components: while a state has fewer than its target, its heaviest component is split
 * into two of half the weight and the same variances, with means 0.2 standard deviations above and below
 * (Young et al., The HTK Book, section 10.6). Of equally heavy ones the first is split; the new half comes
 * last in its state. A state with as many or more stays as it is.
 *
 * @param targets states; components that each should have
 *
 * Throws `RangeError` unless there is a target for each state.
 */
export function splitMixtures(mixtures: GaussianMixtures, targets: Int32Array): GaussianMixtures {
  const { states, dims } = mixtures;
  if (targets.length !== states) {
    throw new RangeError(`[splitMixtures] expected ${states} targets, got ${targets.length}`);
  }
  const componentStart = new Int32Array(states + 1);
  const logWeights: number[] = [];
  const means: number[] = [];
  const variances: number[] = [];
  for (let s = 0; s < states; s++) {
    const components = componentsOf(mixtures, s);
    while (components.length < targets[s]!) {
      const heaviest = components.reduce((a, b) => (b.logWeight > a.logWeight ? b : a));
      const steps = heaviest.variances.map((variance) => perturbation * Math.sqrt(variance));
      heaviest.logWeight -= Math.LN2;
      components.push({ ...heaviest, means: heaviest.means.map((mean, d) => mean - steps[d]!) });
      heaviest.means = heaviest.means.map((mean, d) => mean + steps[d]!);
    }
    for (const component of components) {
      logWeights.push(component.logWeight);
      for (let d = 0; d < dims; d++) {
        means.push(component.means[d]!);
        variances.push(component.variances[d]!);
      }
    }
    componentStart[s + 1] = logWeights.length;
  }
  return {
    states,
    dims,
    componentStart,
    logWeights: Float64Array.from(logWeights),
    means: Float64Array.from(means),
    variances: Float64Array.from(variances),
  };
}

function componentsOf({ dims, ...mixtures }: GaussianMixtures, state: number) {
  const first = mixtures.componentStart[state]!;
  const count = mixtures.componentStart[state + 1]! - first;
  return Array.from({ length: count }, (_, c) => {
    const from = (first + c) * dims;
    return {
      logWeight: mixtures.logWeights[first + c]!,
      means: mixtures.means.slice(from, from + dims),
      variances: mixtures.variances.slice(from, from + dims),
    };
  });
}
