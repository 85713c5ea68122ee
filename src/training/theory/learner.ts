/**
 * A way to the gradient of the sum of all frames' losses by the parameters, frame by frame. For each frame
 * `forward`, then `backward` with the gradient of that frame's loss; `finish` behind the last.
 */
export type GradientLearner = {
  /** Of all losses whose gradient has arrived; after `finish` that is all of them. A caller may zero it. */
  readonly gradient: Float64Array;
  /**
   * How many numbers it holds at present from frame to frame: those that its arrays have, besides the
   * parameters, the gradient and what a single frame needs.
   */
  readonly numbersKept: number;
  /** @returns K logits */
  forward(parameters: Float64Array, features: Float64Array, from: number): Float64Array;
  backward(parameters: Float64Array, logitsGradient: Float64Array): void;
  finish(parameters: Float64Array): void;
};

/** A sequence with a label to predict in some frames. */
export type LabelledSequence = {
  readonly frames: number;
  /** frames × inputs; `[t * inputs + d]` */
  readonly features: Float64Array;
  /** frames; −1 where nothing is asked */
  readonly targets: Int32Array;
};

/**
 * Runs a learner, new or finished with nothing before, over a sequence with the weights held.
 * @returns the loss: the sum of the cross-entropies of all frames with a target, in nats
 */
export function learnSequence(
  learner: GradientLearner,
  parameters: Float64Array,
  sequence: LabelledSequence,
): number {
  let loss = 0;
  const inputs = sequence.features.length / sequence.frames;
  for (let t = 0; t < sequence.frames; t++) {
    const logits = learner.forward(parameters, sequence.features, t * inputs);
    const { nats, gradient } = crossEntropy(logits, sequence.targets[t]!);
    learner.backward(parameters, gradient);
    loss += nats;
  }
  learner.finish(parameters);
  return loss;
}

/**
 * The same with gradient descent after each frame (Williams & Zipser 1989, section 3.2): what the learner
 * knows of earlier frames was computed with weights that have moved since, so that the sum of the steps is
 * the gradient only in the limit of a small rate.
 */
export function learnOnline(
  learner: GradientLearner,
  parameters: Float64Array,
  sequence: LabelledSequence,
  rate: number,
): number {
  let loss = 0;
  const inputs = sequence.features.length / sequence.frames;
  const descend = (): void => {
    for (let p = 0; p < parameters.length; p++) parameters[p]! -= rate * learner.gradient[p]!;
    learner.gradient.fill(0);
  };
  for (let t = 0; t < sequence.frames; t++) {
    const logits = learner.forward(parameters, sequence.features, t * inputs);
    const { nats, gradient } = crossEntropy(logits, sequence.targets[t]!);
    learner.backward(parameters, gradient);
    descend();
    loss += nats;
  }
  learner.finish(parameters);
  descend();
  return loss;
}

/** −ln softmax(logits)[target] and its gradient, softmax minus one-hot; zero without a target. */
export function crossEntropy(
  logits: Float64Array,
  target: number,
): { nats: number; gradient: Float64Array } {
  if (target < 0) return { nats: 0, gradient: new Float64Array(logits.length) };
  const largest = logits.reduce((most, logit) => Math.max(most, logit));
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power);
  const gradient = powers.map((power) => power / sum);
  gradient[target]! -= 1;
  return { nats: Math.log(sum) + largest - logits[target]!, gradient };
}
