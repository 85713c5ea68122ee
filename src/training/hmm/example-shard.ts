import { Alphabet } from '../../alphabet/alphabet.ts';
import type { FeatureMatrix } from '../../features/feature-matrix.ts';
import { MixtureStatistics } from '../../hmm/emissions/mixture-statistics.ts';
import { BatchSource, type BatchSourceDefinition } from '../data/batch-source.ts';
import type { HmmStage } from './configuration.ts';
import { flatStart, type UnorderedUnit, unorderedUnits } from './flat-start.ts';
import type { HmmExample } from './hmm-example.ts';
import { type HmmStatistics, Learner } from './learner.ts';
import { applyTransform, ClassStatistics, type FrameTransform, spliced } from './transform.ts';
import { columnCount, fillerUnit, type HmmParameters, noiseUnit, silenceUnit } from './units.ts';

/** The first guess at the emissions. */
export type StartStatistics = {
  /** One Gaussian a column; those of units without order stay empty. */
  readonly mixtures: MixtureStatistics;
  /** Frames of units without order, at most so many: count × dims each. */
  readonly samples: Readonly<Record<UnorderedUnit, Float32Array>>;
};

/** Frames kept of each unit without order. */
const samplesKept = 20_000;
/** A share of the examples, and everything that is computed from them. */
export class ExampleShard {
  private readonly examples: readonly HmmExample[];
  private frames: readonly FeatureMatrix[];

  private constructor(examples: readonly HmmExample[]) {
    this.examples = examples;
    this.frames = examples.map(({ features }) => features);
  }

  /**
   * Makes every `shards`th example from `shard` on.
   * @throws RangeError if a source has nothing to draw from
   */
  static make(
    definition: BatchSourceDefinition,
    count: number,
    shard: number,
    shards: number,
    onProgress: (made: number) => void,
  ): ExampleShard {
    const source = new BatchSource(definition);
    const { labels, filler } = new Alphabet(definition.alphabet);
    const examples: HmmExample[] = [];
    for (let number = shard; number < count; number += shards) {
      const example = source.example(number);
      const words = Array.from(example.labels, (label) =>
        label === filler ? undefined : labels[label]!,
      );
      const { frames, features: values } = example;
      examples.push({ features: { frames, dims: source.dims, values }, words });
      onProgress(examples.length);
    }
    return new ExampleShard(examples);
  }

  get audioFrames(): number {
    return this.examples.reduce((sum, { features }) => sum + features.frames, 0);
  }

  /** The first statistics, from loudness and the order of words alone. */
  start(parameters: Pick<HmmParameters, 'units' | 'lexicon'>): StartStatistics {
    const dims = this.frames[0]?.dims ?? 0;
    const mixtures = new MixtureStatistics(columnCount(parameters.units), dims);
    const guesses = this.examples.map((example) =>
      flatStart(example, example.features, parameters),
    );
    const collectors = new Map<UnorderedUnit, FrameCollector>(
      unorderedUnits.map((unit) => {
        const seen = guesses.reduce(
          (sum, guess) => sum + guess.filter((of) => of === unit).length,
          0,
        );
        return [unit, new FrameCollector(Math.ceil(seen / samplesKept))];
      }),
    );
    for (const [index, guess] of guesses.entries()) {
      const { values } = this.frames[index]!;
      for (const [t, of] of guess.entries()) {
        if (typeof of === 'number') mixtures.addFrame(of, values, t * dims, 1);
        else collectors.get(of)!.add(values.subarray(t * dims, (t + 1) * dims));
      }
    }
    const samplesOf = (unit: UnorderedUnit) => collectors.get(unit)!.samples;
    return {
      mixtures,
      samples: {
        [silenceUnit]: samplesOf(silenceUnit),
        [noiseUnit]: samplesOf(noiseUnit),
        [fillerUnit]: samplesOf(fillerUnit),
      },
    };
  }

  /** One E-step over the shard. */
  estimate(parameters: HmmParameters, method: HmmStage['method'], beam: number): HmmStatistics {
    const learner = new Learner(parameters);
    for (const [index, { words }] of this.examples.entries()) {
      if (method === 'align') learner.learnBestPath(words, this.frames[index]!);
      else learner.learnAllPaths(words, this.frames[index]!, beam);
    }
    return learner.statistics;
  }

  /** Statistics of spliced frames by the column that the best path puts them in, for a transform. */
  classes(parameters: HmmParameters, context: number): ClassStatistics {
    const learner = new Learner(parameters);
    const width = (2 * context + 1) * (this.examples[0]?.features.dims ?? 0);
    const statistics = new ClassStatistics(columnCount(parameters.units), width);
    for (const [index, { features, words }] of this.examples.entries()) {
      const columns = learner.bestColumns(words, this.frames[index]!);
      const { values } = spliced(features, context);
      columns.forEach((column, t) => {
        statistics.add(values, t * width, column);
      });
    }
    return statistics;
  }

  /** Reads the features through a transform from now on, or again as they are. */
  use(transform: FrameTransform | undefined): void {
    this.frames = this.examples.map(({ features }) =>
      transform === undefined ? features : applyTransform(features, transform),
    );
  }
}

/** Keeps every so many-th frame that it is shown. */
class FrameCollector {
  private readonly stride: number;
  private readonly numbers: number[] = [];
  private shown = 0;

  constructor(stride: number) {
    this.stride = stride;
  }

  add(frame: Float32Array): void {
    if (this.shown++ % this.stride === 0) for (const value of frame) this.numbers.push(value);
  }

  /** frames × dims */
  get samples(): Float32Array {
    return Float32Array.from(this.numbers);
  }
}
