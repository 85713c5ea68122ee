import { cepstralMatrix, writeCepstra } from './cepstrum.ts';
import type { FeatureMatrix } from './feature-matrix.ts';
import { frameWindow } from './frame-window.ts';
import { frameCount, frameEnergy, frameMeans, taperFrame } from './framing.ts';
import { type MelFilterbank, melFilterbank } from './mel-filterbank.ts';
import { energyFloor, framesAtOnce, MelKernel } from './mel-kernel.ts';
import type { FeatureRecipe } from './recipe.ts';
import { fftSize, frameLengthSamples, frameShiftSamples, staticDims } from './recipe-sizes.ts';

/** Kaldi's thresholds are meant for samples in the range of 16-bit integers. */
const fullScale = 32768;

/**
 * Log-mel or cepstral features of single frames, before deltas: taper, power spectrum, mel filterbank,
 * logarithm, cosine transform. Nothing is allocated per frame.
 */
export class StaticFeatures {
  readonly dims: number;
  private readonly recipe: FeatureRecipe;
  private readonly frameLength: number;
  private readonly frameShift: number;
  private readonly window: Float64Array;
  private readonly filterbank: MelFilterbank;
  private readonly cepstral: Float64Array | undefined;
  private readonly kernel: MelKernel;

  /** @throws RangeError when a mel filter would hold no point of the spectrum */
  constructor(recipe: FeatureRecipe, melWarp: number) {
    const size = fftSize(recipe);
    this.recipe = recipe;
    this.dims = staticDims(recipe);
    this.frameLength = frameLengthSamples(recipe);
    this.frameShift = frameShiftSamples(recipe);
    this.window = frameWindow(recipe.window, this.frameLength).map((value) => value * fullScale);
    this.filterbank = melFilterbank(recipe, size, melWarp);
    this.kernel = MelKernel.of(size, recipe.melBins);
    if (recipe.kind === 'mfcc')
      this.cepstral = cepstralMatrix(recipe.cepstra, recipe.melBins, recipe.lifter);
  }

  /** @throws RangeError when a sample is not finite */
  extract(samples: Float32Array): FeatureMatrix {
    const { frameLength, frameShift, kernel } = this;
    const frames = frameCount(samples.length, frameLength, frameShift);
    const means = frameMeans(samples, frames, frameLength, frameShift);
    const values = new Float32Array(frames * this.dims);
    kernel.load(this.filterbank);
    for (let first = 0; first < frames; first += framesAtOnce) {
      const count = Math.min(framesAtOnce, frames - first); // what is left of the last four is not read
      for (let lane = 0; lane < count; lane++) this.loadFrame(samples, first + lane, means, lane);
      kernel.run();
      for (let lane = 0; lane < count; lane++) this.writeFrame(lane, values, first + lane);
    }
    if (this.recipe.useEnergy) this.writeEnergies(samples, means, values);
    return { frames, dims: this.dims, values };
  }

  private loadFrame(samples: Float32Array, t: number, means: Float64Array, lane: number): void {
    const mean = means[t]!;
    if (!Number.isFinite(mean))
      throw new RangeError(`[FeatureExtractor] expected finite samples, got ${mean} in frame ${t}`);
    const { preemphasis, removeDcOffset } = this.recipe;
    // Four real frames go in as two complex ones: 0 and 1 are the real parts, 2 and 3 the imaginary parts,
    // and each pair lies interleaved, for the two lanes of a vector.
    const target = lane < 2 ? this.kernel.inputReal : this.kernel.inputImag;
    const offset = removeDcOffset ? mean : 0;
    const start = t * this.frameShift;
    taperFrame(samples, start, offset, preemphasis, this.window, target, lane & 1);
  }

  /** From the kernel's log-mel energies to the features of frame t. */
  private writeFrame(lane: number, values: Float32Array, t: number): void {
    const { logMel } = this.kernel;
    const at = t * this.dims;
    if (this.cepstral !== undefined) {
      writeCepstra(this.cepstral, this.recipe.melBins, logMel, lane, values, at);
      return;
    }
    const first = this.recipe.useEnergy ? at + 1 : at;
    for (let m = 0; m < this.recipe.melBins; m++)
      values[first + m] = logMel[framesAtOnce * m + lane]!;
  }

  /** Puts each frame's log energy into its first dimension. */
  private writeEnergies(samples: Float32Array, means: Float64Array, values: Float32Array): void {
    means.forEach((mean, t) => {
      const offset = this.recipe.removeDcOffset ? mean : 0;
      const energy = frameEnergy(samples, t * this.frameShift, this.frameLength, offset);
      values[t * this.dims] = Math.log(Math.max(energy * fullScale ** 2, energyFloor));
    });
  }
}
