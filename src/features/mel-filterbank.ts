import type { FrequencyBand } from './mel-warp.ts';
import { warpFrequency } from './mel-warp.ts';

/** mel = 1127 ln(1 + f / 700) (Kaldi, mel-computations.h). */
export function melOfHz(hz: number): number {
  return 1127 * Math.log(1 + hz / 700);
}

export function hzOfMel(mel: number): number {
  return 700 * (Math.exp(mel / 1127) - 1);
}

/**
 * Triangular filters between successive edges. A point of the spectrum between edges s and s + 1 lies on
 * the rising side of filter s and the falling side of filter s − 1, and its two weights add up to 1: so
 * one weight a point says everything.
 */
export type MelFilterbank = {
  readonly bins: number;
  /** bins + 2: points k with segmentStart[s] <= k < segmentStart[s + 1] lie between edges s and s + 1 */
  readonly segmentStart: Int32Array;
  /** spectrum points: weight in the filter that rises there; 0 outside the band */
  readonly rising: Float64Array;
};

/**
 * Filters whose edges and peaks are equally spaced in mel between `lowHz` and `highHz`; a weight is
 * linear in mel, 0 at the edges and 1 at the peak, each filter reaching to its neighbours' peaks
 * (Kaldi, mel-computations.cc, MelBanks). The power spectrum has points 0 … fftSize / 2 − 1: as in
 * Kaldi, none at the Nyquist frequency.
 *
 * @param melWarp vocal tract length factor by which edges and peaks are moved; 1 for none
 * @throws RangeError for a band outside [0, sampleRateHz / 2], or so many filters that one lies between
 *   two points of the spectrum
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
  const edges = Float64Array.from({ length: melBins + 2 }, (_, index) => {
    const mel = lowMel + index * spacing;
    return melWarp === 1 ? mel : melOfHz(warpFrequency(hzOfMel(mel), melWarp, options));
  });
  const points = fftSize / 2;
  const melOfPoint = (k: number) => melOfHz((k * sampleRateHz) / fftSize);

  const rising = new Float64Array(points);
  const segmentStart = new Int32Array(melBins + 2);
  let k = 0;
  while (k < points && melOfPoint(k) <= edges[0]!) k++;
  for (let segment = 0; segment <= melBins; segment++) {
    const [left, right] = [edges[segment]!, edges[segment + 1]!];
    segmentStart[segment] = k;
    for (; k < points && melOfPoint(k) <= right; k++)
      rising[k] = (melOfPoint(k) - left) / (right - left);
  }
  segmentStart[melBins + 1] = k;

  for (let filter = 0; filter < melBins; filter++)
    if (segmentStart[filter] === segmentStart[filter + 2])
      throw new RangeError(
        `[melFilterbank] expected fewer than ${melBins} filters between ${lowHz} and ${highHz} Hz at ${fftSize} points of FFT: filter ${filter} holds no point of the spectrum`,
      );
  return { bins: melBins, segmentStart, rising };
}
