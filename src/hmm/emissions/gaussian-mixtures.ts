/**
 * Emissions of a hidden Markov model as mixtures of Gaussians with diagonal covariances, one mixture a
 * state (Rabiner 1989, section IV.A): b_s(x) = Σ_m w_sm N(x; μ_sm, diag σ²_sm). One component makes it a
 * single Gaussian.
 */
export type GaussianMixtures = {
  readonly states: number;
  readonly dims: number;
  /** states + 1; the components of state s are `componentStart[s]` up to `componentStart[s + 1]` */
  readonly componentStart: Int32Array;
  /** components; ln w, summing to one in each state */
  readonly logWeights: Float64Array;
  /** components × dims; `[m * dims + d]` */
  readonly means: Float64Array;
  /** components × dims; `[m * dims + d]`, above zero */
  readonly variances: Float64Array;
};
