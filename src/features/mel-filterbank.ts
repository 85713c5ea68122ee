import type { FrequencyBand } from './mel-warp.ts';
import { warpFrequency } from './mel-warp.ts';

/** mel = 1127 ln(1 + f / 700) (Kaldi, mel-computations.h). */
export function melOfHz(hz: number): number {
  return 1127 * Math.log(1 + hz / 700);
}

export function hzOfMel(mel: number): number {
  return 700 * (Math.exp(mel / 1127) - 1);
}

/** Triangular filters, each kept only where it is not zero. */
export type MelFilterbank = {
  readonly bins: number;
  /** bins: the first power-spectrum bin of each filter */
  readonly firstBin: Int32Array;
  /** bins + 1: filter m's weights stand in `weights[offsets[m] … offsets[m + 1])` */
  readonly offsets: Int32Array;
  readonly weights: Float64Array;
};

/**
 * Filters whose edges and peaks are equally spaced in mel between `lowHz` and `highHz`; a weight is
 * linear in mel, 0 at the edges and 1 at the peak, each filter reaching to its neighbours' peaks
 * (Kaldi, mel-computations.cc, MelBanks). The power spectrum has bins 0 … fftSize / 2 − 1: as in Kaldi,
 * none at the Nyquist frequency.
 *
 * @param melWarp vocal tract length factor by which edges and peaks are moved; 1 for none
 * @throws RangeError for a band outside [0, sampleRateHz / 2], or so many filters that one lies between
 *   two bins of the spectrum
 */
export function melFilterbank(
  options: FrequencyBand & { readonly sampleRateHz: number; readonly melBins: number },
  fftSize: number,
  melWarp = 1,
): MelFilterbank {
  const { sampleRateHz, melBins, lowHz, highHz } = options;
  if (!(lowHz >= 0 && lowHz < highHz && highHz <= sampleRateHz / 2))
    throw new RangeError(
      `[melFilterbank] expected 0 <= lowHz < highHz <= ${sampleRateHz / 2}, got ${lowHz} and ${highHz}`,
    );
  const lowMel = melOfHz(lowHz);
  const spacing = (melOfHz(highHz) - lowMel) / (melBins + 1);
  const edge = (index: number): number => {
    const mel = lowMel + index * spacing;
    return melWarp === 1 ? mel : melOfHz(warpFrequency(hzOfMel(mel), melWarp, options));
  };

  const firstBin = new Int32Array(melBins);
  const offsets = new Int32Array(melBins + 1);
  const weights: number[] = [];
  for (let filter = 0; filter < melBins; filter++) {
    const [left, peak, right] = [edge(filter), edge(filter + 1), edge(filter + 2)];
    offsets[filter] = weights.length;
    for (let bin = 0; bin < fftSize / 2; bin++) {
      const mel = melOfHz((bin * sampleRateHz) / fftSize);
      if (mel <= left || mel >= right) continue;
      if (weights.length === offsets[filter]) firstBin[filter] = bin;
      weights.push(mel <= peak ? (mel - left) / (peak - left) : (right - mel) / (right - peak));
    }
    if (weights.length === offsets[filter])
      throw new RangeError(
        `[melFilterbank] expected fewer than ${melBins} filters between ${lowHz} and ${highHz} Hz at ${fftSize} points of FFT: filter ${filter} holds no point of the spectrum`,
      );
  }
  offsets[melBins] = weights.length;
  return { bins: melBins, firstBin, offsets, weights: Float64Array.from(weights) };
}

/**
 * Energies of two frames at once: mel[m] = Σ_k weight[m, k] · power[k]. Two, because the weights are then
 * read once for both.
 */
export function melEnergies(
  filterbank: MelFilterbank,
  powerA: Float64Array,
  powerB: Float64Array,
  melA: Float64Array,
  melB: Float64Array,
): void {
  const { bins, firstBin, offsets, weights } = filterbank;
  for (let m = 0; m < bins; m++) {
    const end = offsets[m + 1]!;
    let k = firstBin[m]!;
    let sumA = 0;
    let sumB = 0;
    for (let index = offsets[m]!; index < end; index++, k++) {
      const weight = weights[index]!;
      sumA += weight * powerA[k]!;
      sumB += weight * powerB[k]!;
    }
    melA[m] = sumA;
    melB[m] = sumB;
  }
}
