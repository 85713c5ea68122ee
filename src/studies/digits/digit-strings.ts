import type { FeatureMatrix } from '../../features/feature-matrix.ts';
import { type FeatureRecipe, featureDims } from '../../features/recipe.ts';
import { augmentationSchema } from '../../training/augmentation/config.ts';
import { BatchSource, type BatchSourceDefinition } from '../../training/data/batch-source.ts';
import { type DataConfig, dataSchema } from '../../training/data/config.ts';
import { type Corpus, loadCorpus } from '../../training/data/corpus.ts';
import { frameTimesOf } from '../../training/data/frame-times.ts';
import { findBelow } from '../../training/data/load.ts';
import { measureNormalisation, normalised } from '../../training/data/normalisation.ts';
import { packAudio } from '../../training/data/packed-audio.ts';
import type { ExamplePlan } from '../../training/data/plan.ts';
import type { StudyContext } from '../study.ts';
import { madeDigits } from './made-digits.ts';

/** A string of digits as networks read it. */
export type DigitString = {
  readonly features: FeatureMatrix;
  /** What is said, in order; indices into `digitLabels`, none 0. */
  readonly labels: Int32Array;
  /** frames; which digit is said in each, 0 in a pause */
  readonly frameLabels: Int32Array;
};

/** Strings to learn from and strings to be tested on. */
export type DigitTask = {
  readonly train: readonly DigitString[];
  readonly dev: readonly DigitString[];
  readonly inputs: number;
  readonly frameShiftSeconds: number;
  /** Makes the same strings to learn from, by their numbers. */
  readonly definition: BatchSourceDefinition;
};

const words = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
/** CTC's blank, which stands for a pause where frames have labels, and the ten digits. */
export const digitLabels = ['<blank>', ...words];

const recipe: FeatureRecipe = {
  kind: 'mfcc',
  sampleRateHz: 8000,
  frameLengthSeconds: 0.025,
  frameShiftSeconds: 0.01,
  window: 'povey',
  preemphasis: 0.97,
  removeDcOffset: true,
  melBins: 24,
  lowHz: 60,
  highHz: 3800,
  cepstra: 13,
  lifter: 22,
  deltas: { order: 2, window: 2 },
  normalisation: { kind: 'none' },
  stack: 1,
  stride: 2,
};

/** One speaker's digits, one behind the other with pauses of up to a fifth of a second. */
const dataOf = (manifest: string): DataConfig =>
  dataSchema.parse({
    sources: [
      {
        name: 'strings',
        kind: 'assembled',
        weight: 1,
        pools: [{ manifest, text: 'inside' }],
        words: [1, 4],
        sameSpeaker: 1,
        gapSeconds: [0, 0.2],
        wordSpeed: [1, 1],
      },
    ],
  });

const never = { probability: 0 };
/** Nothing but background at both ends. */
const augmentation = augmentationSchema.parse({
  cut: never,
  speed: never,
  pad: { probability: 1, seconds: [0.05, 0.2], floorProbability: 1 },
  reverberation: never,
  equalisation: never,
  band: never,
  noise: never,
  level: never,
  overload: never,
  coding: { muLaw: 0, quantise: 0 },
  vocalTract: never,
  masking: never,
});

/** Which strings these are does not depend on the study's seed: seeds are for what learns from them. */
const trainSeed = 1;
const devSeed = 2;
const normalisationExamples = 500;

/**
 * Strings of one to four digits by one speaker, put together from recordings of single digits, so that it is
 * known where each is. A quick study makes the recordings itself; a full one reads `fsdd/train.jsonl` and
 * `fsdd/dev.jsonl` below the corpora's folders.
 * @throws ManifestError, or Error where the manifests are in none of the folders
 */
export async function digitTask(
  { corpora, quick }: Pick<StudyContext, 'corpora' | 'quick'>,
  sizes: { train: number; dev: number },
): Promise<DigitTask> {
  const read = async (part: 'train' | 'dev'): Promise<Corpus> => {
    if (quick) return madeDigits({ seed: part === 'train' ? 1 : 2, speakers: 3, takes: 6 });
    const path = await findBelow(corpora, `fsdd/${part}.jsonl`);
    return loadCorpus(path, { sampleRateHz: recipe.sampleRateHz });
  };
  const raw = definitionOf(await read('train'), 'train', trainSeed);
  const statistics = measureNormalisation(raw, Math.min(sizes.train, normalisationExamples));
  const definition = { ...raw, recipe: normalised(recipe, statistics) };
  const devDefinition = definitionOf(await read('dev'), 'dev', devSeed);
  return {
    train: stringsOf(definition, sizes.train),
    dev: stringsOf({ ...devDefinition, recipe: definition.recipe }, sizes.dev),
    inputs: featureDims(recipe),
    frameShiftSeconds: recipe.frameShiftSeconds * recipe.stride,
    definition,
  };
}

function definitionOf(corpus: Corpus, manifest: string, seed: number): BatchSourceDefinition {
  return {
    seed,
    data: dataOf(manifest),
    augmentation,
    recipe,
    alphabet: { kind: 'words', labels: digitLabels, blank: 0 },
    corpora: { [manifest]: corpus },
    noise: packAudio(recipe.sampleRateHz, []),
  };
}

function stringsOf(definition: BatchSourceDefinition, count: number): DigitString[] {
  const source = new BatchSource(definition);
  return Array.from({ length: count }, (_, number) => {
    const { frames, features: values, labels } = source.example(number);
    const features = { frames, dims: source.dims, values };
    return { features, labels, frameLabels: frameLabelsOf(source.planOf(number), frames) };
  });
}

/** The digit that sounds in the middle of each frame. */
function frameLabelsOf({ pieces }: ExamplePlan, frames: number): Int32Array {
  const { first, step } = frameTimesOf(recipe);
  return Int32Array.from({ length: frames }, (_, t) => {
    const middle = first + t * step;
    const piece = pieces.find(
      ({ position, length }) => position <= middle && middle < position + length,
    );
    return piece === undefined ? 0 : digitLabels.indexOf(piece.words[0]!);
  });
}
