import type { AlphabetDefinition } from '../../alphabet/definition.ts';
import { vocabularyOf } from '../../alphabet/vocabulary.ts';
import type { FeatureRecipe } from '../../features/recipe.ts';
import { Random } from '../../math/random.ts';
import { Augmenter } from '../augmentation/augmenter.ts';
import { Background } from '../augmentation/background.ts';
import type { AugmentationConfig } from '../augmentation/config.ts';
import { collate, type Example, type TrainingBatch } from './batch.ts';
import { clipOf } from './clip.ts';
import type { DataConfig } from './config.ts';
import type { Corpus } from './corpus.ts';
import { ExampleMaker } from './example-maker.ts';
import { FrameLabeller, TextLabeller } from './labeller.ts';
import type { PackedAudio } from './packed-audio.ts';
import type { ExamplePlan } from './plan.ts';
import { Sampler } from './sampler.ts';
import { textKindOf } from './selection.ts';

/** Everything that batches are made of; plain data, so that it can be handed to worker threads. */
export type BatchSourceDefinition = {
  readonly seed: number;
  readonly data: DataConfig;
  readonly augmentation: AugmentationConfig;
  readonly recipe: FeatureRecipe;
  readonly alphabet: AlphabetDefinition;
  /** By the manifest's name in the configuration. */
  readonly corpora: Readonly<Record<string, Corpus>>;
  readonly noise: PackedAudio;
  /**
   * Where given, examples have a label for each frame: this one where no clip sounds, and elsewhere those of
   * the clips, whose corpora must have them.
   */
  readonly pauseLabel?: number;
};

/** A plan with the numbers of the random stream that makes it. */
type NumberedPlan = { readonly plan: ExamplePlan; readonly index: number };

// Streams of random numbers that share a seed: one each for plans, sounds, dealing and what is made once.
const planStream = 0;
const soundStream = 1;
const dealStream = 2;
const noiseStream = 3;
const roomStream = 4;

/**
 * Makes training batches. A step's batch depends on the definition and the step alone: a resumed run
 * reads what an uninterrupted one would have read.
 */
export class BatchSource {
  private readonly definition: BatchSourceDefinition;
  private readonly sampler: Sampler;
  private readonly maker: ExampleMaker;
  private group: { readonly number: number; readonly batches: NumberedPlan[][] } | undefined;

  /** @throws RangeError if a source has nothing to draw from. */
  constructor(definition: BatchSourceDefinition) {
    const { seed, data, augmentation, recipe, alphabet, corpora, noise, pauseLabel } = definition;
    const vocabulary = vocabularyOf(alphabet);
    this.definition = definition;
    this.sampler = new Sampler(data, augmentation, corpora, vocabulary, recipe.sampleRateHz);
    const voices = Object.values(corpora).flatMap((corpus) =>
      corpus.rows.flatMap((row, index) =>
        textKindOf(row.words, vocabulary) === 'outside' ? [clipOf(corpus, index)] : [],
      ),
    );
    const background = new Background(noise, voices, Random.forStream(seed, noiseStream));
    const roomSeed = Random.forStream(seed, roomStream).nextUint32();
    const augmenter = new Augmenter(augmentation, recipe.sampleRateHz, background, roomSeed);
    this.maker = new ExampleMaker(
      recipe,
      pauseLabel === undefined ? new TextLabeller(alphabet) : new FrameLabeller(recipe, pauseLabel),
      augmentation,
      augmenter,
      background,
    );
  }

  get dims(): number {
    return this.maker.dims;
  }

  /** @throws RangeError unless the step is a whole number of at least 0. */
  make(step: number): TrainingBatch {
    if (!Number.isInteger(step) || step < 0) {
      throw new RangeError(`[BatchSource.make] expected a step of at least 0, got ${step}`);
    }
    const { bucketSteps } = this.definition.data;
    const number = Math.floor(step / bucketSteps);
    const plans = this.batchesOfGroup(number)[step % bucketSteps]!;
    return collate(
      step,
      this.dims,
      plans.map(({ plan, index }) => this.makeExample(number, plan, index)),
      this.maker.labelKind,
    );
  }

  /** Examples one by one, in no order of length: for statistics over what training reads. */
  *examples(count: number): Generator<Example> {
    for (let number = 0; number < count; number++) yield this.example(number);
  }

  /** The example of that number, whoever asks for it and whatever was made before. */
  example(number: number): Example {
    const { group, index } = this.placeOf(number);
    return this.makeExample(group, this.plan(group, index), index);
  }

  /** What the example of that number is made of, and where in it each piece stands. */
  planOf(number: number): ExamplePlan {
    const { group, index } = this.placeOf(number);
    return this.plan(group, index);
  }

  private placeOf(number: number): { group: number; index: number } {
    const perGroup = this.definition.data.bucketSteps * this.definition.data.batchSize;
    return { group: Math.floor(number / perGroup), index: number % perGroup };
  }

  private plan(group: number, index: number): ExamplePlan {
    return this.sampler.draw(Random.forStream(this.definition.seed, planStream, group, index));
  }

  private makeExample(group: number, plan: ExamplePlan, index: number): Example {
    const random = Random.forStream(this.definition.seed, soundStream, group, index);
    return this.maker.make(plan, random);
  }

  /** The examples of `bucketSteps` steps, sorted by length and dealt into batches in random order. */
  private batchesOfGroup(number: number): NumberedPlan[][] {
    if (this.group?.number === number) return this.group.batches;
    const { seed, data } = this.definition;
    const plans = Array.from({ length: data.bucketSteps * data.batchSize }, (_, index) => ({
      plan: this.plan(number, index),
      index,
    }));
    plans.sort((a, b) => a.plan.samples - b.plan.samples || a.index - b.index);
    const batches = Array.from({ length: data.bucketSteps }, (_, batch) =>
      plans.slice(batch * data.batchSize, (batch + 1) * data.batchSize),
    );
    Random.forStream(seed, dealStream, number).shuffle(batches);
    this.group = { number, batches };
    return batches;
  }
}
