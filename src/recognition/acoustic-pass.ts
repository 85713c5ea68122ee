import { AcousticModel, type AcousticWork } from '../acoustic/acoustic-model.ts';
import type { Aligner, AlignerName, Alignment } from '../decoding/aligner.ts';
import { calibratedAligner, calibratedDecoder } from '../decoding/calibrated-readers.ts';
import type { Decoder, DecoderName } from '../decoding/decoder.ts';
import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import type { Hypothesis } from '../decoding/hypothesis.ts';
import type { LabelLogProb } from '../decoding/label-log-prob.ts';
import { SoriError } from '../errors.ts';
import { FeatureExtractor } from '../features/extractor.ts';
import type { FeatureMatrix } from '../features/feature-matrix.ts';
import { confidenceMapsOf } from './calibration-section.ts';
import type { FeatureReader, Material } from './material.ts';
import { ModelFolderError } from './model-folder.ts';
import type { ModelManifest } from './model-manifest.ts';
import { type PassName, passFile } from './passes.ts';
import { canHoldToGrammar } from './request-rules.ts';
import type { SearchOptions } from './search-options.ts';
import type { StagedRun } from './staged-run.ts';

/** Best first, at least one. */
export type Hypotheses = readonly [Hypothesis, ...Hypothesis[]];

/** What reads the emissions of one acoustic model. */
export type EmissionReaders = {
  /** What each column is called. */
  readonly columns: readonly string[];
  readonly decoders: readonly Decoder[];
  readonly aligners: readonly Aligner[];
  /** The words that they can hear. */
  readonly vocabulary: { has(word: string): boolean };
  /** The labels of a hypothesis of these emissions, with how probable each is. */
  readonly labelLogProbs: (
    emissions: EmissionMatrix,
    hypothesis: Hypothesis,
    checkpoint: () => void,
  ) => LabelLogProb[];
};

/** What a pass made of some material. */
export type Heard = { readonly emissions: EmissionMatrix; readonly durationSeconds: number };

/** One acoustic model with the features that it reads and the decoders and aligners that read it. */
export class AcousticPass implements FeatureReader {
  readonly name: PassName;
  /** Of the model's graph. */
  readonly sha256: string;
  readonly sampleRateHz: number;
  private readonly extractor: FeatureExtractor;
  private readonly model: AcousticModel;
  private readonly decoders: ReadonlyMap<DecoderName, Decoder>;
  private readonly aligners: ReadonlyMap<AlignerName, Aligner>;
  /** What each column of its emissions is called. */
  readonly columns: EmissionReaders['columns'];
  /** The words that its decoders can hear. */
  readonly vocabulary: EmissionReaders['vocabulary'];
  private readonly readLabels: EmissionReaders['labelLogProbs'];

  private constructor(
    manifest: ModelManifest,
    name: PassName,
    model: AcousticModel,
    { columns, decoders, aligners, vocabulary, labelLogProbs }: EmissionReaders,
  ) {
    const { sha256, features } = passFile(manifest, name);
    this.name = name;
    this.sha256 = sha256;
    this.sampleRateHz = features.sampleRateHz;
    this.extractor = new FeatureExtractor(features);
    this.model = model;
    this.decoders = new Map(
      decoders.map((decoder) => {
        const maps = confidenceMapsOf(manifest, decoder.name);
        return [decoder.name, calibratedDecoder(decoder, maps)];
      }),
    );
    this.columns = columns;
    this.vocabulary = vocabulary;
    this.readLabels = labelLogProbs;
    this.aligners = new Map(
      aligners.map((aligner) => {
        const maps = confidenceMapsOf(manifest, aligner.name);
        return [aligner.name, calibratedAligner(aligner, maps)];
      }),
    );
  }

  /**
   * @param graph the bytes of the pass's ONNX file
   * @param units columns that it must have
   * @param reach as in `AcousticModel.load`
   * @throws ModelFolderError if the graph does not fit model.json
   */
  static async load(
    manifest: ModelManifest,
    name: PassName,
    model: {
      readonly graph: Uint8Array;
      readonly units: number;
      readonly reach?: number;
      readonly readers: EmissionReaders;
    },
  ): Promise<AcousticPass> {
    const { file, features } = passFile(manifest, name);
    const { dims } = new FeatureExtractor(features);
    const { graph, units, reach, readers } = model;
    try {
      const acousticModel = await AcousticModel.load(graph, { dims, units }, reach);
      return new AcousticPass(manifest, name, acousticModel, readers);
    } catch (cause) {
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new ModelFolderError(`${manifest.name}/${file}`, problem, { cause });
    }
  }

  /** Width of a row of features. */
  get dims(): number {
    return this.extractor.dims;
  }

  /** Seconds from one row of features, and so from one frame of emissions, to the next. */
  get frameShiftSeconds(): number {
    return this.extractor.frameShiftSeconds;
  }

  /** What it hears of a recording of no length. */
  get silence(): Heard {
    const { units } = this.model;
    return { emissions: { frames: 0, units, logProbs: new Float32Array(0) }, durationSeconds: 0 };
  }

  /** What its graph has done so far. */
  get work(): AcousticWork {
    return this.model.work;
  }

  /** Whether its graph hears several at once where `tryBatch` was asked for. */
  get batches(): boolean {
    return this.model.batches;
  }

  /** As in `AcousticModel.tryBatch`. */
  tryBatch(): Promise<void> {
    return this.model.tryBatch();
  }

  get decoderNames(): DecoderName[] {
    return [...this.decoders.keys()];
  }

  get alignerNames(): AlignerName[] {
    return [...this.aligners.keys()];
  }

  /** @param samples at `sampleRateHz` */
  extract(samples: Float32Array): FeatureMatrix {
    return this.extractor.extract(samples);
  }

  /**
   * Takes the material through the features and the acoustic model; undefined where it has no features
   * of this pass's kind.
   * @throws SoriError invalid_features, where numbers overflow, that names the field they came from
   */
  async listen(material: Material, run: StagedRun): Promise<Heard | undefined> {
    const features = await run.stage('features', () => material.featuresFor(this, run));
    if (features === undefined) return undefined;
    try {
      const emissions = await run.infer(this.model, features);
      return { emissions, durationSeconds: material.durationFor(this) };
    } catch (cause) {
      if (!(cause instanceof SoriError && cause.code === 'invalid_features')) throw cause;
      throw new SoriError(cause.code, cause.message, { param: material.fieldFor(this), cause });
    }
  }

  /** @throws what the checkpoint throws; SoriError invalid_request for a grammar or a phrase it cannot read */
  decode(
    { emissions, durationSeconds }: Heard,
    name: DecoderName,
    { grammar, ...search }: SearchOptions,
    { checkpoint }: StagedRun,
  ): Hypotheses {
    const decoder = this.decoders.get(name);
    if (decoder === undefined) throw new RangeError(`[AcousticPass.decode] got decoder ${name}`);
    const { frameShiftSeconds } = this;
    const [best, ...others] = decoder.decode(emissions, {
      frameShiftSeconds,
      durationSeconds,
      ...search,
      ...(grammar !== undefined && canHoldToGrammar(name) && { grammar }),
      checkpoint: () => checkpoint('search'),
    });
    if (best === undefined)
      throw new Error(`[AcousticPass.decode] expected a hypothesis from ${name}, got none`);
    return [best, ...others];
  }

  /** The labels of a hypothesis, each with ln of how probable it is. */
  labelLogProbs(
    { emissions }: Heard,
    hypothesis: Hypothesis,
    { checkpoint }: StagedRun,
  ): LabelLogProb[] {
    return this.readLabels(emissions, hypothesis, () => checkpoint('search'));
  }

  /** @throws what the checkpoint throws; SoriError unalignable_text */
  align(
    { emissions, durationSeconds }: Heard,
    name: AlignerName,
    words: readonly string[],
    { checkpoint }: StagedRun,
  ): Alignment {
    const aligner = this.aligners.get(name);
    if (aligner === undefined) throw new RangeError(`[AcousticPass.align] got method ${name}`);
    const { frameShiftSeconds } = this;
    return aligner.align(emissions, words, {
      frameShiftSeconds,
      durationSeconds,
      checkpoint: () => checkpoint('search'),
    });
  }

  /** Frees the native memory of its graph; it cannot run afterwards. */
  async release(): Promise<void> {
    await this.model.release();
  }
}
