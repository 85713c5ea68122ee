import type { NetworkArchitecture } from './network/architecture.ts';
import { type NetworkBatch, TrainableNetwork } from './network/trainable-network.ts';
import { type Criterion, criterionOf, type Objective, type Targets } from './objective.ts';

/** Sequences to learn from, with their dropout masks. */
export type Lesson = NetworkBatch<Float32Array> & { readonly targets: Targets };

export type LessonGradient = {
  /** batch; in nats, +Infinity for an impossible target */
  readonly losses: Float64Array;
  /** Of the sum of the finite losses, by the flat parameter vector; overwritten by the next lesson. */
  readonly gradient: Float32Array;
};

/** Network and loss together: from weights and sequences to the gradient by the weights. */
export class GradientComputer {
  readonly network: TrainableNetwork;
  private readonly criterion: Criterion;
  private logitsGradient = new Float32Array(0);

  private constructor(network: TrainableNetwork, objective: Objective) {
    this.network = network;
    this.criterion = criterionOf(objective, network.architecture.labels);
  }

  static async create(
    architecture: NetworkArchitecture,
    objective: Objective,
    threads = 1,
  ): Promise<GradientComputer> {
    return new GradientComputer(
      await TrainableNetwork.create(architecture, { threads }),
      objective,
    );
  }

  async compute(parameters: Float32Array, lesson: Lesson): Promise<LessonGradient> {
    const logits = await this.network.forward(parameters, lesson);
    if (this.logitsGradient.length < logits.length) {
      this.logitsGradient = new Float32Array(Math.ceil(logits.length * 1.25));
    }
    const { losses, gradient } = this.criterion.compute(
      logits,
      lesson.frames,
      lesson.batch,
      lesson.lengths,
      lesson.targets,
      this.logitsGradient.subarray(0, logits.length),
    );
    return { losses, gradient: await this.network.backward(gradient) };
  }

  async release(): Promise<void> {
    await this.network.release();
  }
}

/**
 * Cuts a lesson into so many lessons of (nearly) equally many sequences, in order; fewer when there are
 * fewer sequences. Frames behind a part's longest sequence are left out.
 */
export function shardsOf(lesson: Lesson, count: number, inputs: number): Lesson[] {
  const shards = Math.min(count, lesson.batch);
  if (shards === 1) return [lesson];
  let labelsTaken = 0;
  return Array.from({ length: shards }, (_, shard) => {
    const first = Math.floor((shard * lesson.batch) / shards);
    const end = Math.floor(((shard + 1) * lesson.batch) / shards);
    const batch = end - first;
    const lengths = lesson.lengths.slice(first, end);
    const frames = lengths.reduce((longest, length) => Math.max(longest, length), 0);
    const features = new Float32Array(frames * batch * inputs); // [(t * batch + n) * inputs + d]
    for (let t = 0; t < frames; t++) {
      const row = (t * lesson.batch + first) * inputs;
      features.set(lesson.features.subarray(row, row + batch * inputs), t * batch * inputs);
    }
    const targetLengths = lesson.targets.lengths.slice(first, end);
    const labelsEnd = labelsTaken + targetLengths.reduce((sum, length) => sum + length, 0);
    const labels = lesson.targets.labels.slice(labelsTaken, labelsEnd);
    labelsTaken = labelsEnd;
    const masks = lesson.masks?.map((mask) => {
      const width = mask.length / lesson.batch;
      return mask.slice(first * width, end * width);
    });
    return {
      frames,
      batch,
      features,
      lengths,
      targets: { labels, lengths: targetLengths },
      ...(masks === undefined ? {} : { masks }),
    };
  });
}
