export type FrequencyBand = { readonly lowHz: number; readonly highHz: number };

// Kaldi's --vtln-low=100 and --vtln-high=-500, given there for a band from 20 Hz to the Nyquist frequency.
const lowMarginHz = 80;
const highMarginHz = 500;

/**
 * Where vocal tract length perturbation puts a frequency of the band: F(f) = f / factor between two
 * inflection points, and straight lines from there to the band's edges, which stay where they are
 * (Kaldi, mel-computations.cc, MelBanks::VtlnWarpFreq; Jaitly & Hinton 2013 for its use in training).
 *
 * @throws RangeError when the factor is not positive, or so far from 1 that the inflection points cross
 */
export function warpFrequency(hz: number, factor: number, band: FrequencyBand): number {
  const { lowHz, highHz } = band;
  const lower = (lowHz + lowMarginHz) * Math.max(1, factor);
  const upper = (highHz - highMarginHz) * Math.min(1, factor);
  if (!(factor > 0 && lower < upper && upper / factor < highHz && lower / factor > lowHz))
    throw new RangeError(
      `[warpFrequency] expected a factor near 1 for a band of ${lowHz} to ${highHz} Hz, got ${factor}`,
    );
  if (hz < lowHz || hz > highHz) return hz;
  if (hz < lower) return lowHz + ((lower / factor - lowHz) / (lower - lowHz)) * (hz - lowHz);
  if (hz < upper) return hz / factor;
  return highHz - ((highHz - upper / factor) / (highHz - upper)) * (highHz - hz);
}
