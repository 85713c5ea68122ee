import { softmaxRow } from '../../math/softmax.ts';
import type { NetworkArchitecture } from '../../training/network/architecture.ts';
import { TrainableNetwork } from '../../training/network/trainable-network.ts';
import { clipGradient } from '../../training/optimizer/clipping.ts';
import { initialSlots, type Optimizer } from '../../training/optimizer/optimizer.ts';
import type { AskingBatch } from './recall-task.ts';

export type EngineOptions = {
  readonly optimizer: Optimizer;
  readonly learningRate: number;
  /** `Infinity` for no clipping. */
  readonly clipNorm: number;
};

export type EngineStep = {
  /** Mean cross-entropy in nats; NaN once the weights are no longer finite. */
  readonly loss: number;
  /** Before clipping. */
  readonly gradientNorm: number;
};

/**
 * Training on sequences that ask for one label in their last frame, with the graphs, the clipping and the
 * optimizers that train the shipped models; only the loss is another.
 */
export class EngineTraining {
  readonly parameters: Float32Array;
  private readonly network: TrainableNetwork;
  private readonly options: EngineOptions;
  private slots: Float32Array[];
  private stepsDone = 0;

  private constructor(network: TrainableNetwork, parameters: Float32Array, options: EngineOptions) {
    this.network = network;
    this.parameters = parameters;
    this.options = options;
    this.slots = initialSlots(options.optimizer, parameters.length);
  }

  /** @param parameters changed in place by training */
  static async create(
    architecture: NetworkArchitecture,
    parameters: Float32Array,
    options: EngineOptions,
  ): Promise<EngineTraining> {
    return new EngineTraining(await TrainableNetwork.create(architecture), parameters, options);
  }

  async step(batch: AskingBatch): Promise<EngineStep> {
    const { parameters, options } = this;
    const { loss, logitsGradient } = await this.forward(batch);
    const gradient = await this.network.backward(logitsGradient);
    const gradientNorm = clipGradient(gradient, options.clipNorm);
    this.stepsDone++;
    options.optimizer.update(
      parameters,
      gradient,
      this.slots,
      this.stepsDone,
      options.learningRate,
    );
    return { loss, gradientNorm };
  }

  /** The share of the sequences whose most likely label is the right one. */
  async accuracy(batch: AskingBatch): Promise<number> {
    return (await this.forward(batch)).right / batch.batch;
  }

  async release(): Promise<void> {
    await this.network.release();
  }

  private async forward(
    batch: AskingBatch,
  ): Promise<{ loss: number; right: number; logitsGradient: Float32Array }> {
    const { labels } = this.network.architecture;
    const logits = await this.network.forward(this.parameters, batch);
    const logitsGradient = new Float32Array(logits.length);
    const probs = new Float64Array(labels);
    let nats = 0;
    let right = 0;
    for (let n = 0; n < batch.batch; n++) {
      const row = ((batch.frames - 1) * batch.batch + n) * labels;
      const target = batch.targets[n]!;
      if (!softmaxRow(logits, row, labels, probs, 0))
        return { loss: Number.NaN, right: 0, logitsGradient };
      nats -= Math.log(probs[target]!);
      if (probs.every((prob, k) => k === target || prob < probs[target]!)) right++;
      for (let k = 0; k < labels; k++) {
        logitsGradient[row + k] = (probs[k]! - (k === target ? 1 : 0)) / batch.batch;
      }
    }
    return { loss: nats / batch.batch, right, logitsGradient };
  }
}
