import { Fft } from '../math/fft.ts';
import { LogInPlace } from '../math/log-in-place.ts';
import { cepstralMatrix, writeCepstra } from './cepstrum.ts';
import type { FeatureMatrix } from './feature-matrix.ts';
import { frameWindow } from './frame-window.ts';
import { frameCount, frameEnergy, frameMeans, taperFrame } from './framing.ts';
import { type MelFilterbank, melEnergiesOfPair, melFilterbank } from './mel-filterbank.ts';
import { powerSpectraOfPair } from './power-spectrum.ts';
import {
  type FeatureRecipe,
  fftSize,
  frameLengthSamples,
  frameShiftSamples,
  staticDims,
} from './recipe.ts';

/** Kaldi's thresholds are meant for samples in the range of 16-bit integers. */
const fullScale = 32768;

/** The least energy whose logarithm is taken: the spacing of float32 at 1, as in Kaldi. */
const energyFloor = 1.1920928955078125e-7;

/**
 * Log-mel or cepstral features of single frames, before deltas: taper, power spectrum, mel filterbank,
 * logarithm, cosine transform. Two frames share one complex FFT, and every buffer is made once.
 */
export class StaticFeatures {
  readonly dims: number;
  private readonly recipe: FeatureRecipe;
  private readonly frameLength: number;
  private readonly frameShift: number;
  private readonly window: Float64Array;
  private readonly fft: Fft;
  private readonly filterbank: MelFilterbank;
  private readonly cepstral: Float64Array | undefined;
  private readonly power: readonly [Float64Array, Float64Array];
  /** of two frames, 2 × melBins */
  private readonly logMel: LogInPlace;

  /** @throws RangeError when a mel filter would hold no point of the spectrum */
  constructor(recipe: FeatureRecipe, melWarp: number) {
    const size = fftSize(recipe);
    this.recipe = recipe;
    this.dims = staticDims(recipe);
    this.frameLength = frameLengthSamples(recipe);
    this.frameShift = frameShiftSamples(recipe);
    this.window = frameWindow(recipe.window, this.frameLength).map((value) => value * fullScale);
    this.fft = new Fft(size);
    this.filterbank = melFilterbank(recipe, size, melWarp);
    this.power = [new Float64Array(size / 2), new Float64Array(size / 2)];
    this.logMel = new LogInPlace(2 * recipe.melBins);
    if (recipe.kind === 'mfcc')
      this.cepstral = cepstralMatrix(recipe.cepstra, recipe.melBins, recipe.lifter);
  }

  /** @throws RangeError when a sample is not finite */
  extract(samples: Float32Array): FeatureMatrix {
    const { frameLength, frameShift, fft, power, logMel } = this;
    const { melBins } = this.recipe;
    const frames = frameCount(samples.length, frameLength, frameShift);
    const means = frameMeans(samples, frames, frameLength, frameShift);
    const values = new Float32Array(frames * this.dims);
    for (let t = 0; t < frames; t += 2) {
      const second = Math.min(t + 1, frames - 1); // the last of an odd number is its own partner
      this.loadFrame(samples, t, means[t]!, fft.inputReal);
      this.loadFrame(samples, second, means[second]!, fft.inputImag);
      fft.transform();
      powerSpectraOfPair(fft, power[0], power[1]);
      melEnergiesOfPair(this.filterbank, power[0], power[1], logMel.values);
      logMel.run(energyFloor);
      this.writeFrame(logMel.values, 0, values, t);
      this.writeFrame(logMel.values, melBins, values, second);
    }
    if (this.recipe.useEnergy) this.writeEnergies(samples, means, values);
    return { frames, dims: this.dims, values };
  }

  private loadFrame(samples: Float32Array, t: number, mean: number, target: Float64Array): void {
    if (!Number.isFinite(mean))
      throw new RangeError(`[FeatureExtractor] expected finite samples, got ${mean} in frame ${t}`);
    const { preemphasis, removeDcOffset } = this.recipe;
    const offset = removeDcOffset ? mean : 0;
    taperFrame(samples, t * this.frameShift, offset, preemphasis, this.window, target);
  }

  /** From log-mel energies, `logMel[from …]`, to the features of frame t. */
  private writeFrame(logMel: Float64Array, from: number, values: Float32Array, t: number): void {
    const at = t * this.dims;
    if (this.cepstral !== undefined) {
      writeCepstra(this.cepstral, this.recipe.melBins, logMel, from, values, at);
      return;
    }
    const first = this.recipe.useEnergy ? at + 1 : at;
    for (let m = 0; m < this.recipe.melBins; m++) values[first + m] = logMel[from + m]!;
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
