export type LossResult<Numbers extends Float32Array | Float64Array> = {
  /** batch; −ln p(target | logits) in nats, +Infinity where the target has probability zero. */
  readonly losses: Float64Array;
  /**
   * frames × batch × labels; `[(t * batch + n) * labels + k]`: the gradient of the sum of the finite
   * losses by the logits. Zero from frame `lengths[n]` on and where the loss is infinite.
   */
  readonly gradient: Numbers;
};

/** What a loss of a batch is computed from, but for the labels. */
type LossBatch = {
  readonly logits: Float32Array | Float64Array;
  readonly gradient: Float32Array | Float64Array;
  readonly frames: number;
  readonly batch: number;
  readonly labels: number;
  readonly lengths: Int32Array;
  readonly targetLengths: Int32Array;
};

/** Calls `fail` with what was expected where sizes do not fit or a length is out of range. */
export function checkLossBatch(
  { logits, gradient, frames, batch, labels, lengths, targetLengths }: LossBatch,
  fail: (expectation: string) => never,
): void {
  const size = frames * batch * labels;
  for (const [name, array] of Object.entries({ logits, gradient })) {
    if (array.length === size) continue;
    fail(`${frames} × ${batch} × ${labels} = ${size} ${name}, got ${array.length}`);
  }
  for (const [name, array] of Object.entries({ lengths, 'targets.lengths': targetLengths })) {
    if (array.length !== batch) fail(`${batch} ${name}, got ${array.length}`);
  }
  for (const length of lengths) {
    if (length < 0 || length > frames) fail(`lengths in [0, ${frames}], got ${length}`);
  }
}
