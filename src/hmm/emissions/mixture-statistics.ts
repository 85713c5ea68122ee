import type { MixtureScores } from './mixture-scorer.ts';

/** Frames whose weights are worked out together. */
const tileFrames = 64;
/** Frames that the innermost loop takes at once. */
const lanes = 4;

/** What re-estimation needs to know of the frames: plain data, which one thread can send another. */
export type MixtureSums = {
  readonly dims: number;
  /** components; Σ_t of the probability that the component made frame t */
  readonly occupancies: Float64Array;
  /** components × dims; `[m * dims + d]`: Σ_t of it times x_td */
  readonly sums: Float64Array;
  /** components × dims; `[m * dims + d]`: Σ_t of it times x_td² */
  readonly squares: Float64Array;
};

/** Gathers the sufficient statistics of Gaussian mixtures (Rabiner 1989, eqs. 52–54), in doubles. */
export class MixtureStatistics implements MixtureSums {
  readonly dims: number;
  readonly occupancies: Float64Array;
  readonly sums: Float64Array;
  readonly squares: Float64Array;

  constructor(components: number, dims: number) {
    this.dims = dims;
    this.occupancies = new Float64Array(components);
    this.sums = new Float64Array(components * dims);
    this.squares = new Float64Array(components * dims);
  }

  /** Counts the frame `values[at …]` as made by the component with this weight. */
  addFrame(
    component: number,
    values: Float32Array | Float64Array,
    at: number,
    weight: number,
  ): void {
    const { dims, sums, squares } = this;
    this.occupancies[component]! += weight;
    const to = component * dims;
    for (let d = 0; d < dims; d++) {
      const x = values[at + d]!;
      sums[to + d]! += weight * x;
      squares[to + d]! += weight * x * x;
    }
  }

  /** Counts what another has counted. The order of additions decides the last bits of a sum. */
  add(other: MixtureSums): void {
    if (other.occupancies.length !== this.occupancies.length || other.dims !== this.dims) {
      throw new RangeError(
        `[MixtureStatistics.add] expected ${this.occupancies.length} components × ${this.dims} dims, ` +
          `got ${other.occupancies.length} × ${other.dims}`,
      );
    }
    addInto(this.occupancies, other.occupancies);
    addInto(this.sums, other.sums);
    addInto(this.squares, other.squares);
  }

  /**
   * Counts frames by the posteriors of their states, each shared out over the state's components as they
   * explain the frame.
   *
   * @param values frames × dims; what was scored
   * @param posteriors frames × scores.units; `[t * units + k]`
   * @param leastPosterior what is below it is passed over: by default no more than a sum of many frames
   *   rounds off
   */
  addPosteriors(
    values: Float32Array | Float64Array,
    scores: MixtureScores,
    posteriors: Float64Array,
    leastPosterior = 1e-12,
  ): void {
    const { dims } = this;
    const { frames, units, components } = scores;
    if (values.length !== frames * dims || posteriors.length !== frames * units) {
      throw new RangeError(
        `[MixtureStatistics.addPosteriors] expected ${frames * dims} values and ${frames * units} ` +
          `posteriors, got ${values.length} and ${posteriors.length}`,
      );
    }
    // tile: tileFrames × dims. weights: components × tileFrames; `[c * tileFrames + f]`.
    const tile = new Float64Array(tileFrames * dims);
    const weights = new Float64Array(components.length * tileFrames);
    const picked = new PickedFrames();
    for (let first = 0; first < frames; first += tileFrames) {
      const count = Math.min(tileFrames, frames - first);
      for (let place = 0; place < count * dims; place++)
        tile[place] = values[first * dims + place]!;
      weights.fill(0);
      shareOut(scores, posteriors, first, count, leastPosterior, weights);
      for (let c = 0; c < components.length; c++) {
        picked.pick(weights, c * tileFrames, count, dims, leastPosterior);
        this.addPicked(components[c]!, tile, picked);
      }
    }
  }

  /** Adds the frames picked, four at a time; weights of zero fill up the last four. */
  private addPicked(component: number, tile: Float64Array, picked: PickedFrames): void {
    const { dims, sums, squares } = this;
    const { starts, weights } = picked;
    const to = component * dims;
    let occupancy = 0;
    for (let p = 0; p < picked.count; p += lanes) {
      const [w0, w1, w2, w3] = [weights[p]!, weights[p + 1]!, weights[p + 2]!, weights[p + 3]!];
      const [i0, i1, i2, i3] = [starts[p]!, starts[p + 1]!, starts[p + 2]!, starts[p + 3]!];
      occupancy += w0 + w1 + w2 + w3;
      for (let d = 0; d < dims; d++) {
        const x0 = tile[i0 + d]!;
        const x1 = tile[i1 + d]!;
        const x2 = tile[i2 + d]!;
        const x3 = tile[i3 + d]!;
        const y0 = w0 * x0;
        const y1 = w1 * x1;
        const y2 = w2 * x2;
        const y3 = w3 * x3;
        sums[to + d]! += y0 + y1 + (y2 + y3);
        squares[to + d]! += y0 * x0 + y1 * x1 + (y2 * x2 + y3 * x3);
      }
    }
    this.occupancies[component]! += occupancy;
  }
}

/** The frames of a tile that a component has made. */
class PickedFrames {
  count = 0;
  /** where in the tile a frame begins */
  readonly starts = new Int32Array(tileFrames);
  readonly weights = new Float64Array(tileFrames);

  /**
   * Picks those whose weight, `weights[at + f]`, is above the least, and fills up with the first frame at
   * no weight.
   */
  pick(weights: Float64Array, at: number, frames: number, dims: number, least: number): void {
    this.count = 0;
    for (let f = 0; f < frames; f++) {
      const weight = weights[at + f]!;
      if (weight > least) this.push(f * dims, weight);
    }
    while (this.count % lanes !== 0) this.push(0, 0);
  }

  private push(start: number, weight: number): void {
    this.starts[this.count] = start;
    this.weights[this.count++] = weight;
  }
}

/** weights[c * tileFrames + f] = p(state at f) p(component c | state, x_f) */
function shareOut(
  scores: MixtureScores,
  posteriors: Float64Array,
  first: number,
  count: number,
  leastPosterior: number,
  weights: Float64Array,
): void {
  const { units, componentStart, componentProbs, components } = scores;
  const total = components.length;
  for (let f = 0; f < count; f++) {
    const t = first + f;
    for (let k = 0; k < units; k++) {
      const posterior = posteriors[t * units + k]!;
      if (!(posterior > leastPosterior)) continue;
      for (let c = componentStart[k]!; c < componentStart[k + 1]!; c++) {
        weights[c * tileFrames + f] = posterior * componentProbs[t * total + c]!;
      }
    }
  }
}

function addInto(to: Float64Array, from: Float64Array): void {
  for (let index = 0; index < to.length; index++) to[index]! += from[index]!;
}
