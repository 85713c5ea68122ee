import type { AcousticModel } from '../acoustic/acoustic-model.ts';
import { vocabularyOf } from '../alphabet/vocabulary.ts';
import type { Decoder } from '../decoding/decoder.ts';
import { falseWords } from '../evaluation/false-words.ts';
import type { EvaluatedUtterance } from '../evaluation/utterance.ts';
import { wordErrorRate } from '../evaluation/word-error-rate.ts';
import { FeatureExtractor } from '../features/extractor.ts';
import type { FeatureMatrix } from '../features/feature-matrix.ts';
import type { FeatureRecipe } from '../features/recipe.ts';
import type { DevSetConfig, TrainingConfiguration } from './configuration.ts';
import { clipOf } from './data/clip.ts';
import { type LoadOptions, loadCorpus } from './data/corpus.ts';
import { findBelow } from './data/load.ts';
import { selectRows } from './data/selection.ts';

type DevClip = Omit<EvaluatedUtterance, 'hypothesis'> & { readonly features: FeatureMatrix };
type DevSet = { readonly config: DevSetConfig; readonly clips: readonly DevClip[] };

/** How a model did on the dev sets. */
export type DevScores = {
  /** What the best has least of: the sets' scores, weighted. */
  readonly score: number;
  /** Mean over the sets that are scored by word errors. */
  readonly wordErrorRate: number;
  /** Each set's score by its name. */
  readonly sets: Readonly<Record<string, number>>;
};

const batchSize = 16;

/**
 * The dev sets with their features in memory. They are decoded as a client's recordings are: by an
 * exported graph and a decoder.
 */
export class DevSets {
  private readonly sets: readonly DevSet[];
  private readonly vocabulary: readonly string[];
  private readonly frameShiftSeconds: number;

  private constructor(
    sets: readonly DevSet[],
    vocabulary: ReadonlySet<string> | undefined,
    extractor: FeatureExtractor,
  ) {
    this.sets = sets;
    this.vocabulary = [...(vocabulary ?? [])];
    this.frameShiftSeconds = extractor.frameShiftSeconds;
  }

  /** @throws ManifestError, or Error when a set is in none of the roots or no clip passes its filter */
  static async load(
    configuration: Pick<TrainingConfiguration, 'alphabet' | 'devSets'>,
    recipe: FeatureRecipe,
    roots: readonly string[],
    options: LoadOptions,
  ): Promise<DevSets> {
    const extractor = new FeatureExtractor(recipe);
    const vocabulary = vocabularyOf(configuration.alphabet);
    const sets: DevSet[] = [];
    for (const config of configuration.devSets) {
      const corpus = await loadCorpus(await findBelow(roots, config.manifest), options);
      const clips = selectRows(corpus, config, vocabulary).map((row): DevClip => {
        const { audio, start, end, words, speaker } = clipOf(corpus, row);
        const samples = Float32Array.from(
          audio.samples.subarray(start, end),
          (value) => value / 32768,
        );
        return {
          features: extractor.extract(samples),
          reference: words.join(' '),
          audioSeconds: (end - start) / audio.sampleRateHz,
          corpus: corpus.rows[row]!.corpus,
          speaker,
        };
      });
      if (clips.length === 0)
        throw new Error(`no clip of ${config.manifest} is in dev set ${config.name}`);
      clips.sort((a, b) => a.features.frames - b.features.frames);
      sets.push({ config, clips });
    }
    return new DevSets(sets, vocabulary, extractor);
  }

  /** Scores decoders of one acoustic model's emissions on every set, in the decoders' order. */
  async evaluate(model: AcousticModel, decoders: readonly Decoder[]): Promise<DevScores[]> {
    const totals = decoders.map(() => ({
      score: 0,
      errorRates: [] as number[],
      sets: {} as Record<string, number>,
    }));
    for (const { config, clips } of this.sets) {
      const recognised = await this.recognise(model, decoders, clips);
      recognised.forEach((utterances, index) => {
        const total = totals[index]!;
        const value = this.scoreOf(config, utterances);
        total.sets[config.name] = value;
        total.score += config.weight * value;
        if (config.score === 'wordErrors') total.errorRates.push(value);
      });
    }
    return totals.map(({ score, errorRates, sets }) => {
      const sum = errorRates.reduce((all, rate) => all + rate, 0);
      return { score, wordErrorRate: sum / Math.max(1, errorRates.length), sets };
    });
  }

  /** What each decoder makes of the clips. */
  private async recognise(
    model: AcousticModel,
    decoders: readonly Decoder[],
    clips: readonly DevClip[],
  ): Promise<EvaluatedUtterance[][]> {
    const utterances: EvaluatedUtterance[][] = decoders.map(() => []);
    for (let first = 0; first < clips.length; first += batchSize) {
      const part = clips.slice(first, first + batchSize);
      const emissions = await model.run(part.map(({ features }) => features));
      part.forEach(({ features: _, ...clip }, index) => {
        const options = {
          frameShiftSeconds: this.frameShiftSeconds,
          durationSeconds: clip.audioSeconds,
        };
        decoders.forEach((decoder, number) => {
          const [hypothesis] = decoder.decode(emissions[index]!, options);
          utterances[number]!.push({ ...clip, hypothesis: hypothesis!.text });
        });
      });
    }
    return utterances;
  }

  private scoreOf(config: DevSetConfig, utterances: readonly EvaluatedUtterance[]): number {
    return config.score === 'falseWords'
      ? falseWords(utterances, this.vocabulary).perMinute
      : wordErrorRate(utterances).rate;
  }
}
