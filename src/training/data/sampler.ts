import type { Vocabulary } from '../../alphabet/vocabulary.ts';
import type { Random } from '../../math/random.ts';
import type { AugmentationConfig } from '../augmentation/config.ts';
import {
  assembledChooser,
  type Chooser,
  LevelCache,
  singleChooser,
  utterancesChooser,
} from './chooser.ts';
import type { BackgroundConfig, DataConfig, PoolConfig, SourceConfig } from './config.ts';
import type { Corpus } from './corpus.ts';
import { type ExamplePlan, layOut } from './plan.ts';
import { drawWeighted, Pool } from './pool.ts';

type Planner = (random: Random) => ExamplePlan;

/** Draws examples from the configured sources, each as often as its weight says. */
export class Sampler {
  private readonly weights: readonly number[];
  private readonly planners: readonly Planner[];

  /** @throws RangeError if a source has no rows to draw from. */
  constructor(
    config: DataConfig,
    augmentation: AugmentationConfig,
    corpora: Readonly<Record<string, Corpus>>,
    vocabulary: Vocabulary,
    sampleRateHz: number,
  ) {
    const maxSamples = Math.floor(config.maxSeconds * sampleRateHz);
    const levels = new LevelCache();
    const poolsOf = (pools: readonly PoolConfig[], canCrop = false): Pool[] =>
      pools.map((pool) => {
        const corpus = corpora[pool.manifest];
        if (!corpus) {
          throw new RangeError(`[Sampler] expected a corpus for ${pool.manifest}, got none`);
        }
        const maxSeconds = Math.min(
          pool.maxSeconds ?? Infinity,
          canCrop ? Infinity : config.maxSeconds,
        );
        return new Pool({ ...pool, maxSeconds }, corpus, vocabulary);
      });
    const chooserOf = (source: Exclude<SourceConfig, BackgroundConfig>): Chooser => {
      if (source.kind === 'single') return singleChooser(poolsOf(source.pools), levels);
      if (source.kind === 'assembled') {
        const fillers = poolsOf(source.fillers?.pools ?? []);
        return assembledChooser(source, poolsOf(source.pools), fillers, levels);
      }
      const pools = poolsOf(source.pools, source.cropSeconds !== undefined);
      return utterancesChooser(source, pools, vocabulary, levels);
    };
    this.weights = config.sources.map((source) => source.weight);
    this.planners = config.sources.map((source): Planner => {
      if (source.kind === 'background') {
        return (random) => planBackground(source, sampleRateHz, maxSamples, random);
      }
      const choose = chooserOf(source);
      return (random) =>
        layOut(source.name, choose(random), sampleRateHz, maxSamples, augmentation, random);
    });
  }

  draw(random: Random): ExamplePlan {
    return this.planners[drawWeighted(this.weights, random)]!(random);
  }
}

function planBackground(
  config: BackgroundConfig,
  sampleRateHz: number,
  maxSamples: number,
  random: Random,
): ExamplePlan {
  const samples = Math.round(random.uniform(...config.seconds) * sampleRateHz);
  return {
    source: config.name,
    pieces: [],
    samples: Math.min(samples, maxSamples),
    words: [],
    background: random.chance(config.silenceProbability) ? 'silence' : 'noise',
    hasFloor: false,
  };
}
