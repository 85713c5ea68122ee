import { FeatureExtractor } from '../../features/extractor.ts';
import type { FeatureMatrix } from '../../features/feature-matrix.ts';
import { type FeatureRecipe, frameLengthSamples, staticDims } from '../../features/recipe.ts';
import type { Random } from '../../math/random.ts';
import type { Augmenter } from '../augmentation/augmenter.ts';
import type { Background } from '../augmentation/background.ts';
import type { AugmentationConfig } from '../augmentation/config.ts';
import { maskFeatures } from '../augmentation/masking.ts';
import { changeSpeed } from '../augmentation/speed.ts';
import type { Example, LabelKind } from './batch.ts';
import type { Labeller } from './labeller.ts';
import type { ExamplePlan, PlacedPiece } from './plan.ts';

/** Fade at the edges of a piece that meets another: no clicks, and a crossfade where they overlap. */
const fadeSeconds = 0.01;
/** How far the noise that fills a pause may be from the clip's own floor. */
const floorFactor: readonly [number, number] = [0.1, 1.3];

/** Turns plans into examples: waveform, augmentation, features, masks, labels. */
export class ExampleMaker {
  private readonly recipe: FeatureRecipe;
  private readonly config: AugmentationConfig;
  private readonly augmenter: Augmenter;
  private readonly background: Background;
  private readonly labeller: Labeller;
  private readonly plainExtractor: FeatureExtractor;
  private readonly warpedExtractors: readonly FeatureExtractor[];

  constructor(
    recipe: FeatureRecipe,
    labeller: Labeller,
    config: AugmentationConfig,
    augmenter: Augmenter,
    background: Background,
  ) {
    this.recipe = recipe;
    this.config = config;
    this.augmenter = augmenter;
    this.background = background;
    this.labeller = labeller;
    this.plainExtractor = new FeatureExtractor(recipe);
    this.warpedExtractors = config.vocalTract.factors.map(
      (melWarp) => new FeatureExtractor(recipe, { melWarp }),
    );
  }

  get dims(): number {
    return this.plainExtractor.dims;
  }

  get labelKind(): LabelKind {
    return this.labeller.kind;
  }

  /** An example whose target fits in its frames: silence is added where it would not. */
  make(plan: ExamplePlan, random: Random): Example {
    const samples = this.makeWaveform(plan, random);
    const { probability } = this.config.vocalTract;
    const isWarped = this.warpedExtractors.length > 0 && random.chance(probability);
    const extractor = isWarped ? random.pick(this.warpedExtractors) : this.plainExtractor;
    const features = this.extractAtLeast(extractor, samples, this.labeller.framesNeeded(plan));
    if (random.chance(this.config.masking.probability)) {
      const { frameShiftSeconds } = this.plainExtractor;
      const bands = staticDims(this.recipe);
      maskFeatures(features, bands, frameShiftSeconds, this.config.masking, random);
    }
    const audioSeconds = samples.length / this.recipe.sampleRateHz;
    const labels = this.labeller.labelsOf(plan, features.frames);
    return { frames: features.frames, features: features.values, labels, audioSeconds };
  }

  /** The example's sound with all that is done to it before features are taken. */
  makeWaveform(plan: ExamplePlan, random: Random): Float32Array<ArrayBuffer> {
    if (plan.pieces.length === 0) {
      return this.augmenter.makeBackground(plan.samples, plan.background === 'silence', random);
    }
    const samples = new Float32Array(plan.samples);
    if (plan.hasFloor) this.fillPauses(samples, plan.pieces, random);
    const isJoined = plan.pieces.length > 1;
    for (const piece of plan.pieces) {
      const sound = changeSpeed(piece.clip.audio.samples, piece.start, piece.end, piece.speed);
      if (isJoined) fadeEdges(sound, Math.round(fadeSeconds * this.recipe.sampleRateHz));
      addScaled(samples, piece.position, sound, piece.gain);
    }
    this.augmenter.apply(samples, random);
    return samples;
  }

  /** Noise at the floor of the clips beside it, wherever no clip sounds. */
  private fillPauses(samples: Float32Array, pieces: readonly PlacedPiece[], random: Random): void {
    let end = 0;
    let level = 0;
    const fill = (to: number) => {
      if (to > end) this.background.addColoured(samples, end, to, level, random);
    };
    for (const piece of pieces) {
      level = piece.gain * piece.floorRms * random.uniform(...floorFactor);
      fill(piece.position);
      end = Math.max(end, piece.position + piece.length);
    }
    fill(samples.length);
  }

  private extractAtLeast(
    extractor: FeatureExtractor,
    samples: Float32Array,
    needed: number,
  ): FeatureMatrix {
    const features = extractor.extract(samples);
    if (features.frames >= needed) return features;
    const { sampleRateHz } = this.recipe;
    const rowSamples = Math.ceil(extractor.frameShiftSeconds * sampleRateHz);
    const length = needed * rowSamples + frameLengthSamples(this.recipe);
    const padded = new Float32Array(Math.max(length, samples.length));
    padded.set(samples);
    return extractor.extract(padded);
  }
}

function addScaled(target: Float32Array, from: number, sound: Float32Array, gain: number): void {
  for (let index = 0; index < sound.length; index++) target[from + index]! += gain * sound[index]!;
}

function fadeEdges(samples: Float32Array, length: number): void {
  const count = Math.min(length, samples.length >> 1);
  for (let index = 0; index < count; index++) {
    const gain = (index + 0.5) / count;
    samples[index]! *= gain;
    samples[samples.length - 1 - index]! *= gain;
  }
}
