import { AcousticModel } from '../acoustic/acoustic-model.ts';
import { Alphabet } from '../alphabet/alphabet.ts';
import { decodeAudio } from '../audio/decode.ts';
import { resample } from '../audio/resample.ts';
import type { Waveform } from '../audio/waveform.ts';
import { CtcGreedyDecoder } from '../ctc/greedy.ts';
import type { Decoder, DecoderName } from '../decoding/decoder.ts';
import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import type { Hypothesis } from '../decoding/hypothesis.ts';
import { SoriError } from '../errors.ts';
import { FeatureExtractor } from '../features/extractor.ts';
import type { FeatureMatrix } from '../features/feature-matrix.ts';
import { type ModelFolder, ModelFolderError } from './model-folder.ts';
import type { ModelManifest } from './model-manifest.ts';

/** The stages of a recognition, in order. */
export const stages = ['audio', 'features', 'inference', 'search'] as const;
export type Stage = (typeof stages)[number];

/** Called as each stage begins, and again within a long one; it stops the recognition by throwing. */
export type Checkpoint = (stage: Stage) => void;

export type RecognizeOptions = {
  readonly decoder: DecoderName;
  readonly checkpoint?: Checkpoint;
};

/** What came out of a recognition and what each stage took. */
export type Recognition = {
  /** Best first, at least one. */
  readonly hypotheses: readonly [Hypothesis, ...Hypothesis[]];
  readonly decoder: DecoderName;
  readonly durationSeconds: number;
  /** Milliseconds of the stages that ran. */
  readonly milliseconds: Readonly<Partial<Record<Stage, number>>>;
};

/**
 * One model, ready to recognise: audio → samples → features → emissions → hypotheses. It serves one
 * call at a time, since its feature extractor and its graph reuse their memory.
 */
export class Recognizer {
  readonly manifest: ModelManifest;
  private readonly extractor: FeatureExtractor;
  private readonly acousticModel: AcousticModel;
  private readonly decoders: ReadonlyMap<DecoderName, Decoder>;

  private constructor(manifest: ModelManifest, acousticModel: AcousticModel) {
    const alphabet = new Alphabet(manifest.alphabet);
    this.manifest = manifest;
    this.acousticModel = acousticModel;
    this.extractor = new FeatureExtractor(manifest.features);
    const decoders = [new CtcGreedyDecoder(alphabet)];
    this.decoders = new Map(decoders.map((decoder) => [decoder.name, decoder]));
  }

  /** @throws ModelFolderError if the graph does not fit model.json */
  static async load({ name, manifest, ctc }: ModelFolder): Promise<Recognizer> {
    const { dims } = new FeatureExtractor(manifest.features);
    const units = manifest.alphabet.labels.length;
    try {
      return new Recognizer(manifest, await AcousticModel.load(ctc, { dims, units }));
    } catch (cause) {
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new ModelFolderError(`${name}/${manifest.ctc.file}`, problem, { cause });
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

  get decoderNames(): DecoderName[] {
    return [...this.decoders.keys()];
  }

  /**
   * Recognises the bytes of an audio file.
   * @throws SoriError undecodable_audio | audio_too_long
   */
  async recognizeRecording(
    bytes: Uint8Array,
    options: RecognizeOptions & { readonly maxSeconds: number },
  ): Promise<Recognition> {
    const run = new StagedRun(options.checkpoint);
    const waveform = await run.stage('audio', () =>
      decodeAudio(bytes, { maxSeconds: options.maxSeconds }),
    );
    return this.fromWaveform(waveform, options.decoder, run);
  }

  /** Recognises samples of any rate that `resample` takes. Shorter than one frame is an empty text. */
  async recognizeWaveform(waveform: Waveform, options: RecognizeOptions): Promise<Recognition> {
    return this.fromWaveform(waveform, options.decoder, new StagedRun(options.checkpoint));
  }

  /** Recognises features as this model's recipe makes them. */
  async recognizeFeatures(
    features: FeatureMatrix,
    options: RecognizeOptions,
  ): Promise<Recognition> {
    const durationSeconds = features.frames * this.frameShiftSeconds;
    const run = new StagedRun(options.checkpoint);
    return this.fromFeatures(features, durationSeconds, options.decoder, run);
  }

  /** The features that this model reads of a waveform; frames × `dims`. */
  featuresOf(waveform: Waveform): FeatureMatrix {
    return this.extractor.extract(this.resampled(waveform));
  }

  private resampled({ samples, sampleRateHz }: Waveform): Float32Array {
    return resample(samples, sampleRateHz, this.manifest.features.sampleRateHz);
  }

  private async fromWaveform(
    waveform: Waveform,
    decoder: DecoderName,
    run: StagedRun,
  ): Promise<Recognition> {
    const features = await run.stage('features', () => {
      const samples = this.resampled(waveform);
      // Either half takes seconds on a slow machine.
      run.checkpoint?.('features');
      return this.extractor.extract(samples);
    });
    const durationSeconds = waveform.samples.length / waveform.sampleRateHz;
    return this.fromFeatures(features, durationSeconds, decoder, run);
  }

  private async fromFeatures(
    features: FeatureMatrix,
    durationSeconds: number,
    decoderName: DecoderName,
    run: StagedRun,
  ): Promise<Recognition> {
    const [emissions] = await run.stage('inference', () => this.acousticModel.run([features]));
    const hypotheses = await run.stage('search', () =>
      this.search(emissions!, decoderName, durationSeconds),
    );
    return {
      hypotheses,
      decoder: decoderName,
      durationSeconds,
      milliseconds: run.milliseconds,
    };
  }

  private search(
    emissions: EmissionMatrix,
    name: DecoderName,
    durationSeconds: number,
  ): Recognition['hypotheses'] {
    const decoder = this.decoders.get(name);
    if (decoder === undefined)
      throw new SoriError(
        'invalid_request',
        `model ${this.manifest.name} has the decoders ${this.decoderNames.join(', ')}, got ${name}`,
        { param: 'decoder' },
      );
    const { frameShiftSeconds } = this;
    const [best, ...others] = decoder.decode(emissions, { frameShiftSeconds, durationSeconds });
    if (best === undefined)
      throw new Error(`[Recognizer] expected at least one hypothesis from ${name}, got none`);
    return [best, ...others];
  }
}

/** Runs stages one after another, between checkpoints, and times them. */
class StagedRun {
  readonly milliseconds: Partial<Record<Stage, number>> = {};
  readonly checkpoint: Checkpoint | undefined;

  constructor(checkpoint: Checkpoint | undefined) {
    this.checkpoint = checkpoint;
  }

  async stage<Result>(name: Stage, work: () => Result | Promise<Result>): Promise<Result> {
    this.checkpoint?.(name);
    const start = performance.now();
    const result = await work();
    this.milliseconds[name] = performance.now() - start;
    return result;
  }
}
