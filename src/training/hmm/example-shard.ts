import { Alphabet } from '../../alphabet/alphabet.ts';
import type { FeatureMatrix } from '../../features/feature-matrix.ts';
import { MixtureStatistics } from '../../hmm/emissions/mixture-statistics.ts';
import { BatchSource, type BatchSourceDefinition } from '../data/batch-source.ts';
import type { HmmStage } from './configuration.ts';
import { flatStart, type UnorderedUnit } from './flat-start.ts';
import type { HmmExample } from './hmm-example.ts';
import { type HmmStatistics, Learner } from './learner.ts';
import { applyTransform, ClassStatistics, type FrameTransform, spliced } from './transform.ts';
import { columnCount, type HmmParameters } from './units.ts';

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
  start(units: HmmParameters['units']): StartStatistics {
    const columns = columnCount(units);
    const dims = this.frames[0]?.dims ?? 0;
    const statistics = new MixtureStatistics(columns, dims);
    const samples: Record<UnorderedUnit, number[]> = {
      '<silence>': [],
      '<noise>': [],
      '<filler>': [],
    };
    const seen: Record<UnorderedUnit, number> = { '<silence>': 0, '<noise>': 0, '<filler>': 0 };
    const guesses = this.examples.map((example) => flatStart(example, example.features, units));
    for (const guess of guesses) for (const of of guess) if (typeof of === 'string') seen[of]++;
    const strides = {
      '<silence>': Math.ceil(seen['<silence>'] / samplesKept),
      '<noise>': Math.ceil(seen['<noise>'] / samplesKept),
      '<filler>': Math.ceil(seen['<filler>'] / samplesKept),
    };
    const met: Record<UnorderedUnit, number> = { '<silence>': 0, '<noise>': 0, '<filler>': 0 };
    for (const [index, guess] of guesses.entries()) {
      const { values } = this.frames[index]!;
      for (const [t, of] of guess.entries()) {
        if (typeof of === 'number') statistics.addFrame(of, values, t * dims, 1);
        else if (met[of]++ % strides[of] === 0) {
          for (let d = 0; d < dims; d++) samples[of].push(values[t * dims + d]!);
        }
      }
    }
    const packed = Object.entries(samples).map(([unit, numbers]) => [
      unit,
      Float32Array.from(numbers),
    ]);
    return { mixtures: statistics, samples: Object.fromEntries(packed) };
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
