import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeModel } from '../../onnx/encode.ts';
import type { FloatType } from '../../onnx/types.ts';
import { directionsOf, layerInputs, type NetworkArchitecture } from './architecture.ts';
import { type ParameterLayout, parameterLayout } from './parameters.ts';
import { backwardGraph, forwardGraph, keptTensors, tensorNames } from './training-graphs.ts';

export type FloatArray = Float32Array | Float64Array;

/** A batch of sequences as the network reads it, time-major. */
export type NetworkBatch<A extends FloatArray> = {
  /** Of the longest sequence. */
  readonly frames: number;
  readonly batch: number;
  /** frames × batch × inputs; `[(t * batch + n) * inputs + d]`, zero behind `lengths[n]` */
  readonly features: A;
  /** Frames of each sequence, at least 1. */
  readonly lengths: Int32Array;
  /** One factor an input of each layer and the output layer: `layers + 1` arrays, batch × inputs each. */
  readonly masks?: readonly A[];
};

/**
 * A recurrent network that can be trained: forward with kept gates and back-propagation through time,
 * both run by ONNX Runtime. `backward` belongs to the last `forward`.
 */
export class TrainableNetwork<A extends FloatArray = Float32Array> {
  readonly architecture: NetworkArchitecture;
  readonly layout: ParameterLayout;
  private readonly element: FloatType;
  private readonly sessions: { forward: InferenceSession; backward: InferenceSession };
  /** Buffers that ONNX Runtime writes its outputs to, by tensor name: nothing is allocated a step. */
  private readonly buffers = new Map<string, A>();
  /** What the last forward pass read and kept. */
  private feeds: Record<string, Tensor> | undefined;

  private constructor(
    architecture: NetworkArchitecture,
    element: FloatType,
    sessions: { forward: InferenceSession; backward: InferenceSession },
  ) {
    this.architecture = architecture;
    this.layout = parameterLayout(architecture);
    this.element = element;
    this.sessions = sessions;
  }

  static async create<Element extends FloatType = 'float32'>(
    architecture: NetworkArchitecture,
    options: { element?: Element; threads?: number } = {},
  ): Promise<TrainableNetwork<Element extends 'float64' ? Float64Array : Float32Array>> {
    const element = options.element ?? 'float32';
    const load = (graph: ReturnType<typeof forwardGraph>) =>
      InferenceSession.create(encodeModel(graph), {
        executionProviders: ['cpu'],
        graphOptimizationLevel: 'all',
        intraOpNumThreads: options.threads ?? 1,
        interOpNumThreads: 1,
      });
    const forward = await load(forwardGraph(architecture, element));
    const backward = await load(backwardGraph(architecture, element));
    return new TrainableNetwork(architecture, element, { forward, backward });
  }

  /** The logits, frames × batch × labels; overwritten by the next call. */
  async forward(parameters: A, batch: NetworkBatch<A>): Promise<A> {
    const { architecture } = this;
    const { frames, batch: sequences } = batch;
    const feeds: Record<string, Tensor> = {
      [tensorNames.features]: this.tensor(batch.features, [frames, sequences, architecture.inputs]),
      [tensorNames.lengths]: new Tensor('int64', BigInt64Array.from(batch.lengths, BigInt), [
        sequences,
      ]),
    };
    for (let layer = 0; layer <= architecture.layers; layer++) {
      const width = layerInputs(architecture, layer);
      const mask = batch.masks?.[layer] ?? this.array(sequences * width).fill(1);
      feeds[tensorNames.mask(layer)] = this.tensor(mask as A, [1, sequences, width]);
    }
    for (const { name, shape, offset, size } of this.layout.tensors) {
      feeds[name] = this.tensor(parameters.subarray(offset, offset + size) as A, shape);
    }
    const fetches: Record<string, Tensor> = {
      [tensorNames.logits]: this.output(tensorNames.logits, [
        frames,
        sequences,
        architecture.labels,
      ]),
    };
    const directions = directionsOf(architecture).length;
    for (const { name, width } of keptTensors(architecture)) {
      fetches[name] = this.output(name, [frames, directions, sequences, width]);
    }
    await this.sessions.forward.run(feeds, fetches);
    const { [tensorNames.logits]: logits, ...kept } = fetches;
    this.feeds = { ...feeds, ...kept };
    return logits!.data as A;
  }

  /**
   * The gradient by the flat parameter vector, from that by the logits (frames × batch × labels, zero on
   * padding); overwritten by the next call. Throws when no forward pass came before.
   */
  async backward(logitsGradient: A): Promise<A> {
    if (this.feeds === undefined) throw new RangeError('[backward] expected a forward pass before');
    const { frames, batch } = this.lastShape(this.feeds);
    const shape = [frames, batch, this.architecture.labels];
    const feeds = {
      ...this.feeds,
      [tensorNames.logitsGradient]: this.tensor(logitsGradient, shape),
    };
    this.feeds = undefined;
    const gradient = this.buffer('gradient', this.layout.size);
    const fetches: Record<string, Tensor> = {};
    for (const tensor of this.layout.tensors) {
      const part = gradient.subarray(tensor.offset, tensor.offset + tensor.size) as A;
      fetches[tensorNames.gradientOf(tensor.name)] = this.tensor(part, tensor.shape);
    }
    await this.sessions.backward.run(feeds, fetches);
    return gradient;
  }

  async release(): Promise<void> {
    await this.sessions.forward.release();
    await this.sessions.backward.release();
  }

  private lastShape(feeds: Record<string, Tensor>): { frames: number; batch: number } {
    const [frames, batch] = feeds[tensorNames.features]!.dims;
    return { frames: frames!, batch: batch! };
  }

  private tensor(values: A, shape: readonly number[]): Tensor {
    return this.element === 'float32'
      ? new Tensor('float32', values as Float32Array, shape)
      : new Tensor('float64', values as Float64Array, shape);
  }

  private output(name: string, shape: readonly number[]): Tensor {
    return this.tensor(
      this.buffer(
        name,
        shape.reduce((product, size) => product * size, 1),
      ),
      shape,
    );
  }

  /** The first `size` numbers of the buffer kept under this name, which grows as needed. */
  private buffer(name: string, size: number): A {
    let buffer = this.buffers.get(name);
    if (buffer === undefined || buffer.length < size) {
      buffer = this.array(Math.ceil(size * 1.25));
      this.buffers.set(name, buffer);
    }
    return buffer.subarray(0, size) as A;
  }

  private array(size: number): A {
    return (this.element === 'float32' ? new Float32Array(size) : new Float64Array(size)) as A;
  }
}
