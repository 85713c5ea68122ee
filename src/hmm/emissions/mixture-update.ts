import type { GaussianMixtures } from './gaussian-mixtures.ts';
import type { MixtureSums } from './mixture-statistics.ts';

export type UpdateOptions = {
  /** dims; no variance falls below it */
  readonly varianceFloor: Float64Array;
  /** Frames that a component must have made for its mean and variance to be estimated anew. */
  readonly minOccupancy: number;
  /** What becomes of the others: they keep mean and variance, or go, all but the heaviest of a state. */
  readonly starved: 'keep' | 'drop';
  /** No weight falls below it. */
  readonly weightFloor: number;
};

/** Of one state's components: those that stay, with their new weights. */
type Survivors = { readonly components: readonly number[]; readonly weights: readonly number[] };

/**
 * The M-step for Gaussian mixtures (Rabiner 1989, eqs. 52–54, with covariances about the new means): the
 * parameters under which what was counted is most likely, as far as the floors allow. A state in which
 * nothing was counted stays as it is.
 *
 * Throws `RangeError` when statistics or floors do not fit the mixtures.
 */
export function updateMixtures(
  mixtures: GaussianMixtures,
  statistics: MixtureSums,
  options: UpdateOptions,
): GaussianMixtures {
  const { states, dims, means, variances } = mixtures;
  const { occupancies, sums, squares } = statistics;
  const { minOccupancy, varianceFloor } = options;
  check(mixtures, statistics, varianceFloor);
  const survivors = Array.from({ length: states }, (_, s) =>
    survivorsOf(mixtures, occupancies, s, options),
  );
  const order = survivors.flatMap(({ components }) => components);
  const newStart = new Int32Array(states + 1);
  for (let s = 0; s < states; s++) newStart[s + 1] = newStart[s]! + survivors[s]!.components.length;
  const newMeans = new Float64Array(order.length * dims);
  const newVariances = new Float64Array(order.length * dims);
  for (const [place, m] of order.entries()) {
    const occupancy = occupancies[m]!;
    const isLearnt = occupancy > 0 && occupancy >= minOccupancy;
    for (let d = 0; d < dims; d++) {
      const from = m * dims + d;
      const to = place * dims + d;
      const mean = isLearnt ? sums[from]! / occupancy : means[from]!;
      const variance = isLearnt ? squares[from]! / occupancy - mean * mean : variances[from]!;
      newMeans[to] = mean;
      newVariances[to] = Math.max(variance, varianceFloor[d]!);
    }
  }
  return {
    states,
    dims,
    componentStart: newStart,
    logWeights: Float64Array.from(
      survivors.flatMap(({ weights }) => weights),
      Math.log,
    ),
    means: newMeans,
    variances: newVariances,
  };
}

function survivorsOf(
  mixtures: GaussianMixtures,
  occupancies: Float64Array,
  state: number,
  { minOccupancy, starved, weightFloor }: UpdateOptions,
): Survivors {
  const first = mixtures.componentStart[state]!;
  const end = mixtures.componentStart[state + 1]!;
  const all = Array.from({ length: end - first }, (_, c) => first + c);
  const total = all.reduce((sum, m) => sum + occupancies[m]!, 0);
  if (!(total > 0)) {
    return { components: all, weights: all.map((m) => Math.exp(mixtures.logWeights[m]!)) };
  }
  const heaviest = all.reduce((a, b) => (occupancies[b]! > occupancies[a]! ? b : a));
  const stays = (m: number) =>
    starved === 'keep' || m === heaviest || occupancies[m]! >= minOccupancy;
  const components = all.filter(stays);
  const floor = Math.min(weightFloor, 1 / components.length);
  return {
    components,
    weights: flooredShares(
      components.map((m) => occupancies[m]!),
      floor,
    ),
  };
}

/**
 * Shares in proportion to the amounts, none below the floor, that sum to one: the amounts that fall short
 * get the floor, and what is left is shared by the others, until nobody falls short.
 */
function flooredShares(amounts: readonly number[], floor: number): number[] {
  const isFloored = amounts.map(() => false);
  for (;;) {
    const rest = amounts.reduce((sum, amount, c) => (isFloored[c] ? sum : sum + amount), 0);
    const left = 1 - floor * isFloored.filter(Boolean).length;
    const shares = amounts.map((amount, c) => (isFloored[c] ? floor : (left * amount) / rest));
    const short = shares.map((share, c) => !isFloored[c] && share < floor);
    if (!short.includes(true)) return shares;
    for (const [c, isShort] of short.entries()) if (isShort) isFloored[c] = true;
  }
}

function check(
  mixtures: GaussianMixtures,
  statistics: MixtureSums,
  varianceFloor: Float64Array,
): void {
  const components = mixtures.logWeights.length;
  const { dims } = mixtures;
  if (statistics.occupancies.length !== components || statistics.dims !== dims) {
    fail(
      `statistics of ${components} components × ${dims} dims, ` +
        `got ${statistics.occupancies.length} × ${statistics.dims}`,
    );
  }
  if (varianceFloor.length !== dims) fail(`${dims} variance floors, got ${varianceFloor.length}`);
  for (const floor of varianceFloor) {
    if (!(floor > 0)) fail(`variance floors above 0, got ${floor}`);
  }
}

function fail(expectation: string): never {
  throw new RangeError(`[updateMixtures] expected ${expectation}`);
}
