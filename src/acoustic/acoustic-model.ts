import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import { SoriError } from '../errors.ts';
import type { FeatureMatrix } from '../features/feature-matrix.ts';
import { Random } from '../math/random.ts';

/** What the graph must look like; a dimension that the graph leaves open fits anything. */
export type AcousticShape = { readonly dims: number; readonly units: number };

/** Batches that a graph has run, and the matrices in them: inferences / executions is the mean batch. */
export type AcousticWork = { readonly executions: number; readonly inferences: number };

type Port = { readonly name: string; readonly type: string; readonly rank: number };

const featuresPort: Port = { name: 'features', type: 'float32', rank: 3 };
const lengthsPort: Port = { name: 'lengths', type: 'int64', rank: 1 };
const logProbsPort: Port = { name: 'log_probs', type: 'float32', rank: 3 };

/** Frames of a part of a long sequence: few enough that what the graph makes of them stays in the cache. */
const partFrames = 128;

/**
 * Frames that a batch is padded to at the least: ONNX Runtime convolves a single frame by another kernel,
 * whose last bits differ from those that the frame would get in a batch.
 */
const leastFrames = 2;

/** Frames of the matrices on which a graph shows that it hears each in a batch as it does alone. */
const rehearsalFrames = [40, 1, 2, 3, 17, 64, 5, 33];

/**
 * An acoustic model's ONNX graph, loaded once and ready to run:
 * `features [N, T, D]` float32, `lengths [N]` int64 → `log_probs [N, T, K]` float32.
 *
 * One intra-op thread and sequential execution: parallelism comes from one model a worker thread, and
 * one thread's sums come out the same, bit for bit, on every run.
 */
export class AcousticModel {
  readonly dims: number;
  readonly units: number;
  private readonly reach: number | undefined;
  private readonly session: InferenceSession;
  private executions = 0;
  private inferences = 0;
  private batchable = false;

  private constructor(session: InferenceSession, shape: AcousticShape, reach: number | undefined) {
    this.session = session;
    this.reach = reach;
    this.dims = shape.dims;
    this.units = shape.units;
  }

  /**
   * @param graph the bytes of an ONNX file
   * @param reach frames on either side that a frame's scores depend on, beyond the ends of a sequence zeros;
   *   long sequences are then run in parts, which bounds the memory that they take. Left out, a frame's
   *   scores depend on all others.
   * @throws Error if it is no ONNX graph or its inputs and outputs are not those of `shape`
   */
  static async load(
    graph: Uint8Array,
    shape: AcousticShape,
    reach?: number,
  ): Promise<AcousticModel> {
    // ONNX Runtime reads no shared memory.
    const bytes = graph.buffer instanceof ArrayBuffer ? graph : Uint8Array.from(graph);
    const session = await InferenceSession.create(bytes, {
      executionMode: 'sequential',
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    expectPort('input', session.inputMetadata, featuresPort, shape.dims);
    expectPort('input', session.inputMetadata, lengthsPort);
    expectPort('output', session.outputMetadata, logProbsPort, shape.units);
    if (session.inputNames.length !== 2)
      throw new Error(`expected inputs features and lengths, got ${session.inputNames.join(', ')}`);
    return new AcousticModel(session, shape, reach);
  }

  /**
   * Runs a batch of matrices, padded to the longest, in one execution, or, where the graph has a reach, each
   * in parts; a matrix without frames gives an emission matrix without frames.
   * @throws RangeError if a matrix is not `dims` wide; SoriError invalid_features if its numbers are so
   *   large that the graph's overflow; Error if the graph's answer has another shape
   */
  async run(matrices: readonly FeatureMatrix[]): Promise<EmissionMatrix[]> {
    for (const { dims, frames, values } of matrices) {
      if (dims !== this.dims || values.length !== frames * dims)
        throw new RangeError(
          `[AcousticModel.run] expected frames × ${this.dims}, got ${frames} × ${dims} in ${values.length} values`,
        );
    }
    const spoken = matrices.filter(({ frames }) => frames > 0);
    const batches = this.reach !== undefined ? spoken.length : Math.min(1, spoken.length);
    this.executions += batches;
    this.inferences += spoken.length;
    const emissions: EmissionMatrix[] = [];
    if (this.reach !== undefined) {
      for (const matrix of spoken) emissions.push(await this.runInParts(matrix, this.reach));
    } else if (spoken.length > 0) emissions.push(...(await this.execute(spoken)));
    let next = 0;
    return matrices.map(({ frames }) =>
      frames > 0
        ? emissions[next++]!
        : { frames: 0, units: this.units, logProbs: new Float32Array(0) },
    );
  }

  /** Whether it is known that a batch is worth it, and that nobody's emissions depend on their company. */
  get batches(): boolean {
    return this.batchable;
  }

  /**
   * Tries whether matrices come out of a batch bit for bit as they do alone, which `batches` says from then on.
   * They do not where a graph from elsewhere does not heed `lengths`, or where a processor's kernels sum in
   * another order for another number of rows. A graph that has a reach runs each by itself anyway.
   */
  async tryBatch(): Promise<void> {
    if (this.reach !== undefined) return;
    const { dims } = this;
    const random = new Random(1);
    const matrices = rehearsalFrames.map((frames) => {
      const values = Float32Array.from({ length: frames * dims }, () => random.gaussian());
      return { frames, dims, values };
    });
    const together = await this.execute(matrices);
    this.batchable = true;
    for (const [n, matrix] of matrices.entries()) {
      const [alone] = await this.execute([matrix]);
      if (!haveSameBits(alone!, together[n]!)) this.batchable = false;
    }
  }

  /** What `run` has been asked to do so far; a sequence that is run in parts is one inference. */
  get work(): AcousticWork {
    return { executions: this.executions, inferences: this.inferences };
  }

  /** Frees the graph's native memory; the model cannot run afterwards. */
  async release(): Promise<void> {
    await this.session.release();
  }

  private async runInParts(matrix: FeatureMatrix, reach: number): Promise<EmissionMatrix> {
    const { frames, dims, values } = matrix;
    const { units } = this;
    const logProbs = new Float32Array(frames * units);
    for (let first = 0; first < frames; first += partFrames) {
      const end = Math.min(frames, first + partFrames);
      const from = Math.max(0, first - reach);
      const to = Math.min(frames, end + reach);
      const part = { frames: to - from, dims, values: values.subarray(from * dims, to * dims) };
      const [scores] = await this.execute([part], from);
      const own = scores!.logProbs.subarray((first - from) * units, (end - from) * units);
      logProbs.set(own, first * units);
    }
    return { frames, units, logProbs };
  }

  /** @param firstFrame of the matrices, for the message of an overflow */
  private async execute(
    matrices: readonly FeatureMatrix[],
    firstFrame = 0,
  ): Promise<EmissionMatrix[]> {
    const { dims, units } = this;
    const batch = matrices.length;
    const longest = Math.max(leastFrames, ...matrices.map(({ frames }) => frames));
    const features = new Float32Array(batch * longest * dims); // [(n * longest + t) * dims + d]
    matrices.forEach(({ values }, n) => {
      features.set(values, n * longest * dims);
    });
    const lengths = BigInt64Array.from(matrices, ({ frames }) => BigInt(frames));
    const results = await this.session.run({
      features: new Tensor('float32', features, [batch, longest, dims]),
      lengths: new Tensor('int64', lengths, [batch]),
    });
    const output = results[logProbsPort.name];
    if (!(output?.data instanceof Float32Array) || output.data.length !== batch * longest * units)
      throw new Error(
        `the graph gave log_probs [${output?.dims.join(', ')}] where [${batch}, ${longest}, ${units}] was due`,
      );
    const logProbs = output.data;
    return matrices.map(({ frames }, n) => {
      const start = n * longest * units;
      const own = logProbs.slice(start, start + frames * units);
      expectScores(own, units, firstFrame);
      return { frames, units, logProbs: own };
    });
  }
}

function haveSameBits({ logProbs: a }: EmissionMatrix, { logProbs: b }: EmissionMatrix): boolean {
  return a.length === b.length && a.every((value, index) => Object.is(value, b[index]));
}

/** Decoders rely on it that no score is NaN or +∞. */
function expectScores(logProbs: Float32Array, units: number, firstFrame: number): void {
  for (let index = 0; index < logProbs.length; index++) {
    if (logProbs[index]! < Number.POSITIVE_INFINITY) continue;
    throw new SoriError(
      'invalid_features',
      `expected features in the range that the model knows, got some that overflow it at frame ${firstFrame + Math.floor(index / units)}`,
      { param: 'features' },
    );
  }
}

function expectPort(
  kind: 'input' | 'output',
  ports: readonly InferenceSession.ValueMetadata[],
  expected: Port,
  width?: number,
): void {
  const found = ports.find(({ name }) => name === expected.name);
  const due = `${kind} "${expected.name}" (${expected.type}, rank ${expected.rank})`;
  if (found === undefined)
    throw new Error(`expected ${due}, got ${ports.map(({ name }) => `"${name}"`).join(', ')}`);
  if (!found.isTensor || found.type !== expected.type)
    throw new Error(`expected ${due}, got ${found.isTensor ? found.type : 'no tensor'}`);
  const { shape } = found;
  // ONNX leaves the shape out where it is not known; then there is nothing to hold it against.
  if (shape.length > 0 && shape.length !== expected.rank)
    throw new Error(`expected ${due}, got rank ${shape.length}`);
  const last = shape.at(-1);
  if (width !== undefined && typeof last === 'number' && last > 0 && last !== width)
    throw new Error(`expected ${due} with ${width} columns, as model.json says; got ${last}`);
}
