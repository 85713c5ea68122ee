import { decodeAudio } from '../audio/decode.ts';
import type { Waveform } from '../audio/waveform.ts';
import type { AlignerName, Alignment } from '../decoding/aligner.ts';
import type { DecoderName } from '../decoding/decoder.ts';
import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import type { LabelLogProb } from '../decoding/label-log-prob.ts';
import type { FeatureMatrix } from '../features/feature-matrix.ts';
import type { AcousticPass, Hypotheses } from './acoustic-pass.ts';
import { type CompareOptions, type Comparison, compare } from './comparison.ts';
import { loadCtcPass } from './ctc-pass.ts';
import { loadHmmPass, loadHybridPass } from './hmm-pass.ts';
import { GivenFeatures, type Material, Sound } from './material.ts';
import { type ModelFolder, ModelFolderError } from './model-folder.ts';
import type { ModelManifest } from './model-manifest.ts';
import { decodersOf, type FeatureKind, featureKindOf, type PassName, passOf } from './passes.ts';
import { canHoldToGrammar } from './request-rules.ts';
import type { SearchOptions } from './search-options.ts';
import { type RunControl, StagedRun, type StageTimes } from './staged-run.ts';

export type RecognizeOptions = SearchOptions &
  RunControl & {
    readonly decoder: DecoderName;
    /** Whether to tell how probable each label is; not by default. */
    readonly labelLogProbs?: boolean;
  };

export type HearOptions = RunControl & { readonly acousticModel: PassName };

export type TextAlignOptions = RunControl & {
  readonly method: AlignerName;
  /** Each as labels see it. */
  readonly words: readonly string[];
};

/** The audio that a file may hold. */
export type FileLimits = { readonly maxSeconds: number };

/** Of the graph that an answer rests on, how long what it heard was, and what each stage took. */
type Provenance = {
  readonly sha256: string;
  readonly durationSeconds: number;
  readonly milliseconds: StageTimes;
};

/** What came out of a recognition. */
export type Recognition = Provenance & {
  readonly decoder: DecoderName;
  readonly hypotheses: Hypotheses;
  /** Of the best hypothesis; undefined where nobody asked. */
  readonly labels?: readonly LabelLogProb[] | undefined;
};

/** What an acoustic model heard, for who decodes it elsewhere. */
export type Emissions = Provenance & {
  readonly acousticModel: PassName;
  readonly emissions: EmissionMatrix;
  /** What each column is called. */
  readonly columns: readonly string[];
  readonly frameShiftSeconds: number;
};

/** When each word of a known text was said. */
export type TextAlignment = Provenance & {
  readonly method: AlignerName;
  readonly alignment: Alignment;
};

/**
 * One model, ready to recognise: audio → samples → features → emissions → hypotheses. Calls may overlap where
 * they wait for `infer`; each graph runs once at a time.
 */
export class Recognizer {
  readonly manifest: ModelManifest;
  readonly passes: ReadonlyMap<PassName, AcousticPass>;

  private constructor(manifest: ModelManifest, passes: readonly AcousticPass[]) {
    this.manifest = manifest;
    this.passes = new Map(passes.map((pass) => [pass.name, pass]));
  }

  /** @throws ModelFolderError if a file does not fit model.json */
  static async load(folder: ModelFolder): Promise<Recognizer> {
    const { manifest, hmm, hybrid } = folder;
    const passes = [await loadCtcPass(folder)];
    if (hmm !== undefined) passes.push(await loadHmmPass(manifest, hmm));
    if (hybrid !== undefined) passes.push(await loadHybridPass(manifest, hybrid));
    const recognizer = new Recognizer(manifest, passes);
    recognizer.checkGrammars();
    return recognizer;
  }

  get decoderNames(): DecoderName[] {
    return decodersOf(this.manifest);
  }

  /** Whether every one of the decoders has labels or units for a word. */
  canHear(word: string, decoders: readonly DecoderName[]): boolean {
    return decoders.every((name) => this.pass(passOf(name)).vocabulary.has(word));
  }

  /** @throws RangeError where the model has no such acoustic model */
  pass(name: PassName): AcousticPass {
    const pass = this.passes.get(name);
    if (pass === undefined)
      throw new RangeError(`[Recognizer.pass] ${this.manifest.name} has no acoustic model ${name}`);
    return pass;
  }

  /** The features that one of the model's acoustic models reads of a waveform. */
  featuresOf(waveform: Waveform, pass: PassName = 'ctc'): FeatureMatrix {
    return new Sound(waveform).featuresFor(this.pass(pass));
  }

  /**
   * Recognises the bytes of an audio file.
   * @throws SoriError undecodable_audio | audio_too_long
   */
  async recognizeRecording(
    bytes: Uint8Array,
    options: RecognizeOptions & FileLimits,
  ): Promise<Recognition> {
    const run = new StagedRun(options);
    return this.recognize(await soundOf(bytes, options, run), options, run);
  }

  /** Recognises samples of any rate that `resample` takes. Shorter than one frame is an empty text. */
  async recognizeWaveform(waveform: Waveform, options: RecognizeOptions): Promise<Recognition> {
    return this.recognize(new Sound(waveform), options, new StagedRun(options));
  }

  /** Recognises features as the recipe of the decoder's acoustic model makes them. */
  async recognizeFeatures(
    features: FeatureMatrix,
    options: RecognizeOptions,
  ): Promise<Recognition> {
    const kind = featureKindOf(passOf(options.decoder));
    const material = this.given(new Map([[kind, features]]));
    return this.recognize(material, options, new StagedRun(options));
  }

  /**
   * Has several decoders recognise the bytes of an audio file.
   * @throws SoriError undecodable_audio | audio_too_long
   */
  async compareRecording(
    bytes: Uint8Array,
    options: CompareOptions & FileLimits,
  ): Promise<Comparison> {
    const run = new StagedRun(options);
    const sound = await soundOf(bytes, options, run);
    return compare(this, sound, options, run.milliseconds);
  }

  /** Has several decoders recognise features; those without features of their kind say so. */
  async compareFeatures(
    matrices: ReadonlyMap<FeatureKind, FeatureMatrix>,
    options: CompareOptions,
  ): Promise<Comparison> {
    return compare(this, this.given(matrices), options, {});
  }

  /**
   * Finds when each word of a text was said in an audio file.
   * @throws SoriError undecodable_audio | audio_too_long | unalignable_text
   */
  async alignRecording(
    bytes: Uint8Array,
    options: TextAlignOptions & FileLimits,
  ): Promise<TextAlignment> {
    const { method, words } = options;
    const run = new StagedRun(options);
    const pass = this.pass(passOf(method));
    const heard = await pass.listen(await soundOf(bytes, options, run), run);
    const alignment = await run.stage('search', () => pass.align(heard!, method, words, run));
    const { sha256 } = pass;
    const { durationSeconds } = heard!;
    return { method, alignment, sha256, durationSeconds, milliseconds: run.milliseconds };
  }

  /** Frees the native memory of its graphs; they cannot run afterwards. */
  async release(): Promise<void> {
    for (const pass of this.passes.values()) await pass.release();
  }

  /**
   * What one of the acoustic models makes of the bytes of an audio file.
   * @throws SoriError undecodable_audio | audio_too_long
   */
  async hearRecording(bytes: Uint8Array, options: HearOptions & FileLimits): Promise<Emissions> {
    const run = new StagedRun(options);
    return this.hear(await soundOf(bytes, options, run), options, run);
  }

  /** What one of the acoustic models makes of features of its kind. */
  async hearFeatures(features: FeatureMatrix, options: HearOptions): Promise<Emissions> {
    const material = this.given(new Map([[featureKindOf(options.acousticModel), features]]));
    return this.hear(material, options, new StagedRun(options));
  }

  private async hear(
    material: Material,
    { acousticModel }: HearOptions,
    run: StagedRun,
  ): Promise<Emissions> {
    const pass = this.pass(acousticModel);
    const heard = await pass.listen(material, run);
    if (heard === undefined)
      throw new RangeError(`[Recognizer] expected features for ${acousticModel}, got none`);
    const { sha256, columns, frameShiftSeconds } = pass;
    const { durationSeconds } = material;
    const { emissions } = heard;
    const { milliseconds } = run;
    const provenance = { sha256, durationSeconds, milliseconds };
    return { acousticModel, emissions, columns, frameShiftSeconds, ...provenance };
  }

  /** @throws ModelFolderError for a grammar of the model that one of its decoders cannot hold to */
  private checkGrammars(): void {
    const { name, grammars = {} } = this.manifest;
    const holders = this.decoderNames.filter((decoder) => canHoldToGrammar(decoder));
    for (const [grammarName, { grammar }] of Object.entries(grammars)) {
      for (const decoder of holders) {
        const pass = this.pass(passOf(decoder));
        try {
          pass.decode(pass.silence, decoder, { grammar }, new StagedRun());
        } catch (cause) {
          const problem = `grammars.${grammarName}: ${(cause as Error).message}`;
          throw new ModelFolderError(`${name}/model.json`, problem, { cause });
        }
      }
    }
  }

  private given(matrices: ReadonlyMap<FeatureKind, FeatureMatrix>): GivenFeatures {
    return new GivenFeatures(matrices, this.passes.values());
  }

  private async recognize(
    material: Material,
    options: RecognizeOptions,
    run: StagedRun,
  ): Promise<Recognition> {
    const { decoder, labelLogProbs = false } = options;
    const pass = this.pass(passOf(decoder));
    const heard = await pass.listen(material, run);
    if (heard === undefined)
      throw new RangeError(`[Recognizer] expected features for ${pass.name}, got none`);
    const found = await run.stage('search', () => {
      const hypotheses = pass.decode(heard, decoder, options, run);
      if (!labelLogProbs) return { hypotheses };
      return { hypotheses, labels: pass.labelLogProbs(heard, hypotheses[0], run) };
    });
    const { sha256 } = pass;
    const { durationSeconds } = material;
    return { decoder, ...found, sha256, durationSeconds, milliseconds: run.milliseconds };
  }
}

async function soundOf(
  bytes: Uint8Array,
  { maxSeconds }: FileLimits,
  run: StagedRun,
): Promise<Sound> {
  return new Sound(await run.stage('audio', () => decodeAudio(bytes, { maxSeconds })));
}
