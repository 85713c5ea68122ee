/**
 * Watches a training from outside the model: how likely each iteration found the data, and whether another
 * one is worth while.
 */
export class ConvergenceMonitor {
  /** iterations; ln likelihood a frame, under the model that each went in with */
  readonly history: number[];
  private readonly tolerance: number;
  private readonly maxIterations: number;

  /**
   * @param tolerance gain in nats a frame below which training has converged
   * @param history of the iterations before a training is resumed
   */
  constructor(
    options: { readonly tolerance: number; readonly maxIterations: number },
    history: readonly number[] = [],
  ) {
    this.tolerance = options.tolerance;
    this.maxIterations = options.maxIterations;
    this.history = [...history];
  }

  /** Takes note of an iteration. Throws `RangeError` when it saw no frames. */
  report(logLikelihood: number, frames: number): void {
    if (!(frames > 0)) throw new RangeError(`[ConvergenceMonitor] expected frames, got ${frames}`);
    this.history.push(logLikelihood / frames);
  }

  /** Nats a frame that the last iteration found more than the one before; undefined before the second. */
  get gain(): number | undefined {
    if (this.history.length < 2) return undefined;
    return this.history.at(-1)! - this.history.at(-2)!;
  }

  /** The last iteration gained less than the tolerance, or lost. */
  get converged(): boolean {
    return this.gain !== undefined && this.gain < this.tolerance;
  }

  /** Nothing is left to do: converged, or as many iterations as are allowed. */
  get done(): boolean {
    return this.converged || this.history.length >= this.maxIterations;
  }
}
