import { AcousticModel } from '../acoustic/acoustic-model.ts';
import { Alphabet } from '../alphabet/alphabet.ts';
import { vocabularyOf } from '../alphabet/vocabulary.ts';
import { CtcGreedyDecoder } from '../ctc/greedy.ts';
import { falseWords } from '../evaluation/false-words.ts';
import type { EvaluatedUtterance } from '../evaluation/utterance.ts';
import { wordErrorRate } from '../evaluation/word-error-rate.ts';
import { FeatureExtractor } from '../features/extractor.ts';
import type { FeatureMatrix } from '../features/feature-matrix.ts';
import type { FeatureRecipe } from '../features/recipe.ts';
import { encodeModel } from '../onnx/encode.ts';
import type { DevEvaluation } from './checkpoint.ts';
import type { DevSetConfig, TrainingConfiguration } from './configuration.ts';
import { clipOf } from './data/clip.ts';
import { type LoadOptions, loadCorpus } from './data/corpus.ts';
import { findBelow } from './data/load.ts';
import { selectRows } from './data/selection.ts';
import type { NetworkArchitecture } from './network/architecture.ts';
import { exportGraph } from './network/export-graph.ts';

type DevClip = Omit<EvaluatedUtterance, 'hypothesis'> & { readonly features: FeatureMatrix };
type DevSet = { readonly config: DevSetConfig; readonly clips: readonly DevClip[] };

const batchSize = 16;

/**
 * The dev sets with their features in memory. They are decoded as a client's recordings are: by the
 * exported graph and the greedy decoder.
 */
export class DevSets {
  private readonly sets: readonly DevSet[];
  private readonly alphabet: Alphabet;
  private readonly vocabulary: readonly string[];
  private readonly frameShiftSeconds: number;

  private constructor(
    sets: readonly DevSet[],
    alphabet: Alphabet,
    vocabulary: ReadonlySet<string> | undefined,
    extractor: FeatureExtractor,
  ) {
    this.sets = sets;
    this.alphabet = alphabet;
    this.vocabulary = [...(vocabulary ?? [])];
    this.frameShiftSeconds = extractor.frameShiftSeconds;
  }

  /** @throws ManifestError, or Error when a set is in none of the roots or no clip passes its filter */
  static async load(
    configuration: TrainingConfiguration,
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
    return new DevSets(sets, new Alphabet(configuration.alphabet), vocabulary, extractor);
  }

  /** Scores weights on every set. */
  async evaluate(
    architecture: NetworkArchitecture,
    parameters: Float32Array,
    step: number,
  ): Promise<DevEvaluation> {
    const graph = encodeModel(exportGraph(architecture, parameters));
    const shape = { dims: architecture.inputs, units: architecture.labels };
    const model = await AcousticModel.load(graph, shape);
    try {
      const scores: Record<string, number> = {};
      const errorRates: number[] = [];
      let score = 0;
      for (const set of this.sets) {
        const value = this.scoreOf(set.config, await this.recognise(model, set.clips));
        scores[set.config.name] = value;
        score += set.config.weight * value;
        if (set.config.score === 'wordErrors') errorRates.push(value);
      }
      const sum = errorRates.reduce((total, rate) => total + rate, 0);
      return { step, score, wordErrorRate: sum / Math.max(1, errorRates.length), sets: scores };
    } finally {
      await model.release();
    }
  }

  private async recognise(
    model: AcousticModel,
    clips: readonly DevClip[],
  ): Promise<EvaluatedUtterance[]> {
    const decoder = new CtcGreedyDecoder(this.alphabet);
    const utterances: EvaluatedUtterance[] = [];
    for (let first = 0; first < clips.length; first += batchSize) {
      const part = clips.slice(first, first + batchSize);
      const emissions = await model.run(part.map(({ features }) => features));
      part.forEach(({ features: _, ...clip }, index) => {
        const options = {
          frameShiftSeconds: this.frameShiftSeconds,
          durationSeconds: clip.audioSeconds,
        };
        const [hypothesis] = decoder.decode(emissions[index]!, options);
        utterances.push({ ...clip, hypothesis: hypothesis!.text });
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
