import type { Random } from '../../math/random.ts';

export type Cluster = { readonly mean: Float64Array; readonly variance: Float64Array };

const rounds = 10;

/**
 * Parts points into so many clusters (Lloyd 1982), begun from points far apart (k-means++, Arthur &
 * Vassilvitskii 2007). A cluster that loses its points keeps its mean and the variance of all.
 * @param points count × dims; `[index * dims + d]`
 * @throws RangeError without a point
 */
export function kMeans(
  points: Float32Array,
  dims: number,
  clusters: number,
  random: Random,
): Cluster[] {
  const count = points.length / dims;
  if (count === 0) throw new RangeError('[kMeans] expected at least one point, got none');
  const means = farApart(points, dims, clusters, random);
  const owner = new Int32Array(count);
  for (let round = 0; round < rounds; round++) {
    for (let index = 0; index < count; index++) {
      owner[index] = nearest(points, index, dims, means, clusters);
    }
    for (const { cluster, sums, members } of momentsOf(points, dims, owner, clusters)) {
      if (members === 0) continue;
      for (let d = 0; d < dims; d++) means[cluster * dims + d] = sums[d]! / members;
    }
  }
  const all = momentsOf(points, dims, new Int32Array(count), 1)[0]!;
  return momentsOf(points, dims, owner, clusters).map(({ cluster, sums, squares, members }) => {
    const mean = means.slice(cluster * dims, (cluster + 1) * dims);
    const from = members > dims ? { sums, squares, members } : all;
    const variance = Float64Array.from(
      from.sums,
      (sum, d) => from.squares[d]! / from.members - (sum / from.members) ** 2,
    );
    return { mean, variance };
  });
}

/** First means: one point at random, each next with a chance that grows with its squared distance. */
function farApart(
  points: Float32Array,
  dims: number,
  clusters: number,
  random: Random,
): Float64Array {
  const count = points.length / dims;
  const means = new Float64Array(clusters * dims);
  const distance = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  let chosen = random.integer(count);
  for (let cluster = 0; cluster < clusters; cluster++) {
    means.set(points.subarray(chosen * dims, (chosen + 1) * dims), cluster * dims);
    let total = 0;
    for (let index = 0; index < count; index++) {
      distance[index] = Math.min(
        distance[index]!,
        squaredDistance(points, index, dims, means, cluster),
      );
      total += distance[index]!;
    }
    let rest = random.next() * total;
    chosen = 0;
    while (chosen < count - 1 && rest >= distance[chosen]!) rest -= distance[chosen++]!;
  }
  return means;
}

function nearest(
  points: Float32Array,
  index: number,
  dims: number,
  means: Float64Array,
  clusters: number,
): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let cluster = 0; cluster < clusters; cluster++) {
    const distance = squaredDistance(points, index, dims, means, cluster);
    if (distance < least) [least, best] = [distance, cluster];
  }
  return best;
}

function squaredDistance(
  points: Float32Array,
  index: number,
  dims: number,
  means: Float64Array,
  cluster: number,
): number {
  let sum = 0;
  for (let d = 0; d < dims; d++) {
    sum += (points[index * dims + d]! - means[cluster * dims + d]!) ** 2;
  }
  return sum;
}

function momentsOf(points: Float32Array, dims: number, owner: Int32Array, clusters: number) {
  const moments = Array.from({ length: clusters }, (_, cluster) => ({
    cluster,
    members: 0,
    sums: new Float64Array(dims),
    squares: new Float64Array(dims),
  }));
  owner.forEach((cluster, index) => {
    const moment = moments[cluster]!;
    moment.members++;
    for (let d = 0; d < dims; d++) {
      const value = points[index * dims + d]!;
      moment.sums[d]! += value;
      moment.squares[d]! += value * value;
    }
  });
  return moments;
}
