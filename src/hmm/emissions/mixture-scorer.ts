import { expOfFall } from '../../math/exponential.ts';
import type { EmissionScores } from '../emission-scores.ts';
import type { GaussianMixtures } from './gaussian-mixtures.ts';

/** Frames that are worked on together while a pair of components is at hand. */
const tileFrames = 16;
/** Frames that the innermost loop takes at once. */
const lanes = 4;
const halfLog2Pi = 0.5 * Math.log(2 * Math.PI);

/** Scores of some of the states, and what their components have in them, for `MixtureStatistics`. */
export type MixtureScores = EmissionScores & {
  readonly logProbs: Float64Array;
  /** units + 1; the components of column k are `componentStart[k]` up to `componentStart[k + 1]` here */
  readonly componentStart: Int32Array;
  /** which of the mixtures' components those are */
  readonly components: Int32Array;
  /** frames, or a few more, × components; `[t * components.length + c]`: p(component c | its state, x_t),
   *  zero in a state that cannot emit x_t */
  readonly componentProbs: Float64Array;
};

/**
 * Log-likelihoods of frames under Gaussian mixtures, in double precision, for training. (What is served is
 * scored by hmm.onnx.) What does not depend on the frames is worked out once.
 */
export class MixtureScorer {
  private readonly mixtures: GaussianMixtures;
  /** components; ln w − Σ_d ½ ln 2πσ² */
  private readonly constants: Float64Array;
  /** components × dims × 2; `[(m * dims + d) * 2]` is the mean, beside it 1 / 2σ² */
  private readonly parameters: Float64Array;
  /** the frames of a tile: tileFrames / lanes × dims × lanes; `[(f / lanes * dims + d) * lanes + f % lanes]` */
  private readonly tile: Float64Array;
  private readonly allStates: Int32Array;

  constructor(mixtures: GaussianMixtures) {
    const { states, dims, logWeights, means, variances } = mixtures;
    this.mixtures = mixtures;
    this.allStates = Int32Array.from({ length: states }, (_, s) => s);
    this.tile = new Float64Array(tileFrames * dims);
    this.constants = Float64Array.from(logWeights);
    this.parameters = new Float64Array(2 * means.length);
    for (let place = 0; place < means.length; place++) {
      this.constants[Math.floor(place / dims)]! -= halfLog2Pi + 0.5 * Math.log(variances[place]!);
      this.parameters[2 * place] = means[place]!;
      this.parameters[2 * place + 1] = 0.5 / variances[place]!;
    }
  }

  /**
   * ln b_s(x_t) of every frame under the states asked for, in their order: a column each. All states by
   * default.
   *
   * @param values frames × dims; `[t * dims + d]`, finite
   *
   * Throws `RangeError` when the values are not as many, or there is no such state.
   */
  score(
    values: Float32Array | Float64Array,
    frames: number,
    states: Int32Array = this.allStates,
  ): MixtureScores {
    const { dims } = this.mixtures;
    if (values.length !== frames * dims) {
      fail(`${frames} × ${dims} = ${frames * dims} values, got ${values.length}`);
    }
    const { componentStart, components } = this.componentsOf(states);
    const rows = Math.ceil(frames / lanes) * lanes;
    const terms = new Float64Array(rows * components.length);
    for (let first = 0; first < frames; first += tileFrames) {
      const count = Math.min(tileFrames, frames - first);
      this.load(values, first, count);
      this.scoreTile(components, count, terms, first * components.length);
    }
    return {
      frames,
      units: states.length,
      logProbs: sumComponents(terms, frames, componentStart),
      componentStart,
      components,
      componentProbs: terms,
    };
  }

  private componentsOf(states: Int32Array): Pick<MixtureScores, 'componentStart' | 'components'> {
    const { mixtures } = this;
    const componentStart = new Int32Array(states.length + 1);
    const components: number[] = [];
    for (const [k, state] of states.entries()) {
      if (!(state >= 0 && state < mixtures.states)) {
        fail(`states in [0, ${mixtures.states}), got ${state}`);
      }
      const end = mixtures.componentStart[state + 1]!;
      for (let m = mixtures.componentStart[state]!; m < end; m++) components.push(m);
      componentStart[k + 1] = components.length;
    }
    return { componentStart, components: Int32Array.from(components) };
  }

  private load(values: Float32Array | Float64Array, first: number, count: number): void {
    const { tile, mixtures } = this;
    const { dims } = mixtures;
    for (let f = 0; f < count; f++) {
      const from = (first + f) * dims;
      const to = Math.floor(f / lanes) * lanes * dims + (f % lanes);
      for (let d = 0; d < dims; d++) tile[to + d * lanes] = values[from + d]!;
    }
  }

  /**
   * ln w − Σ_d ½ ln 2πσ² − Σ_d (x − μ)² / 2σ² of the tile's frames under each component, two components
   * and four frames at a time. Lanes beyond the last frame hold what the tile had before.
   */
  private scoreTile(components: Int32Array, count: number, out: Float64Array, at: number): void {
    const { tile, parameters, constants } = this;
    const width = 2 * this.mixtures.dims;
    const total = components.length;
    for (let c = 0; c < total; c += 2) {
      // The last of an odd number is worked out twice.
      const partner = Math.min(c + 1, total - 1);
      const a = components[c]! * width;
      const b = components[partner]! * width;
      const constantA = constants[components[c]!]!;
      const constantB = constants[components[partner]!]!;
      for (let f = 0; f < count; f += lanes) {
        let [a0, a1, a2, a3] = [constantA, constantA, constantA, constantA];
        let [b0, b1, b2, b3] = [constantB, constantB, constantB, constantB];
        let x = (f * width) / 2;
        for (let d = 0; d < width; d += 2) {
          const meanA = parameters[a + d]!;
          const scaleA = parameters[a + d + 1]!;
          const meanB = parameters[b + d]!;
          const scaleB = parameters[b + d + 1]!;
          const x0 = tile[x]!;
          const x1 = tile[x + 1]!;
          const x2 = tile[x + 2]!;
          const x3 = tile[x + 3]!;
          a0 -= (x0 - meanA) * (x0 - meanA) * scaleA;
          a1 -= (x1 - meanA) * (x1 - meanA) * scaleA;
          a2 -= (x2 - meanA) * (x2 - meanA) * scaleA;
          a3 -= (x3 - meanA) * (x3 - meanA) * scaleA;
          b0 -= (x0 - meanB) * (x0 - meanB) * scaleB;
          b1 -= (x1 - meanB) * (x1 - meanB) * scaleB;
          b2 -= (x2 - meanB) * (x2 - meanB) * scaleB;
          b3 -= (x3 - meanB) * (x3 - meanB) * scaleB;
          x += lanes;
        }
        const to = at + f * total;
        out[to + c] = a0;
        out[to + total + c] = a1;
        out[to + 2 * total + c] = a2;
        out[to + 3 * total + c] = a3;
        out[to + partner] = b0;
        out[to + total + partner] = b1;
        out[to + 2 * total + partner] = b2;
        out[to + 3 * total + partner] = b3;
      }
    }
  }
}

/**
 * Returns ln Σ_c e^term over the components of each column, frames × columns, and turns each term into its
 * part of the sum.
 *
 * @param terms frames × components; ln w_c N(x_t; μ_c, σ²_c), afterwards p(c | state, x_t)
 */
function sumComponents(
  terms: Float64Array,
  frames: number,
  componentStart: Int32Array,
): Float64Array {
  const units = componentStart.length - 1;
  const total = componentStart[units]!;
  const logProbs = new Float64Array(frames * units);
  for (let t = 0; t < frames; t++) {
    const row = t * total;
    for (let k = 0; k < units; k++) {
      const first = row + componentStart[k]!;
      const end = row + componentStart[k + 1]!;
      let largest = terms[first]!;
      for (let c = first + 1; c < end; c++) {
        const term = terms[c]!;
        if (term > largest) largest = term;
      }
      logProbs[t * units + k] = largest;
      if (largest === Number.NEGATIVE_INFINITY) {
        terms.fill(0, first, end);
        continue;
      }
      let sum = 0;
      for (let c = first; c < end; c++) {
        const power = expOfFall(largest - terms[c]!);
        terms[c] = power;
        sum += power;
      }
      if (sum === 1) continue;
      const scale = 1 / sum;
      for (let c = first; c < end; c++) terms[c]! *= scale;
      logProbs[t * units + k] = largest + Math.log(sum);
    }
  }
  return logProbs;
}

function fail(expectation: string): never {
  throw new RangeError(`[MixtureScorer] expected ${expectation}`);
}
