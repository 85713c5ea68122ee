import { Fft } from '../math/fft.ts';
import { cepstralMatrix, cepstraOf } from './cepstrum.ts';
import type { FeatureMatrix } from './feature-matrix.ts';
import { frameWindow } from './frame-window.ts';
import { frameCount, frameEnergy, frameMean, taperFrame } from './framing.ts';
import { type MelFilterbank, melEnergies, melFilterbank } from './mel-filterbank.ts';
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
  private readonly mel: readonly [Float64Array, Float64Array];

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
    this.mel = [new Float64Array(recipe.melBins), new Float64Array(recipe.melBins)];
    if (recipe.kind === 'mfcc')
      this.cepstral = cepstralMatrix(recipe.cepstra, recipe.melBins, recipe.lifter);
  }

  /** @throws RangeError when a sample is not finite */
  extract(samples: Float32Array): FeatureMatrix {
    const frames = frameCount(samples.length, this.frameLength, this.frameShift);
    const values = new Float32Array(frames * this.dims);
    const { fft, power, mel } = this;
    for (let t = 0; t < frames; t += 2) {
      const second = Math.min(t + 1, frames - 1); // the last of an odd number is its own partner
      this.loadFrame(samples, t, fft.real, values);
      this.loadFrame(samples, second, fft.imag, values);
      fft.transform();
      powerSpectraOfPair(fft, power[0], power[1]);
      melEnergies(this.filterbank, power[0], power[1], mel[0], mel[1]);
      this.finishFrame(mel[0], t, values);
      this.finishFrame(mel[1], second, values);
    }
    return { frames, dims: this.dims, values };
  }

  /** Tapers frame t into one half of the FFT's input, and leaves its log energy in its first dimension. */
  private loadFrame(
    samples: Float32Array,
    t: number,
    target: Float64Array,
    values: Float32Array,
  ): void {
    const { preemphasis, removeDcOffset, useEnergy } = this.recipe;
    const start = t * this.frameShift;
    const mean = frameMean(samples, start, this.frameLength);
    if (!Number.isFinite(mean))
      throw new RangeError(`[FeatureExtractor] expected finite samples, got ${mean} in frame ${t}`);
    const offset = removeDcOffset ? mean : 0;
    taperFrame(samples, start, offset, preemphasis, this.window, target, this.fft.inputIndex);
    if (useEnergy) {
      const energy = frameEnergy(samples, start, this.frameLength, offset) * fullScale * fullScale;
      values[t * this.dims] = Math.log(Math.max(energy, energyFloor));
    }
  }

  /** From mel energies (overwritten) to the features of frame t. */
  private finishFrame(mel: Float64Array, t: number, values: Float32Array): void {
    const at = t * this.dims;
    const { useEnergy } = this.recipe;
    for (let m = 0; m < mel.length; m++) mel[m] = Math.log(Math.max(mel[m]!, energyFloor));
    if (this.cepstral === undefined) {
      values.set(mel, useEnergy ? at + 1 : at);
      return;
    }
    const logEnergy = values[at]!;
    cepstraOf(this.cepstral, mel, values, at);
    if (useEnergy) values[at] = logEnergy;
  }
}
