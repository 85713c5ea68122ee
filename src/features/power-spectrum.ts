import type { Fft } from '../math/fft.ts';

/**
 * Power spectra of two real frames from one complex transform of a + i b: with Z its transform and
 * Z' [k] the conjugate of Z[size − k], A = (Z + Z') / 2 and B = (Z − Z') / 2i (Press et al., Numerical
 * Recipes, 12.3). `powerA` and `powerB` receive |A[k]|² and |B[k]|² for k = 0 … size / 2 − 1.
 */
export function powerSpectraOfPair(fft: Fft, powerA: Float64Array, powerB: Float64Array): void {
  const { real, imag, size } = fft;
  powerA[0] = real[0]! * real[0]!;
  powerB[0] = imag[0]! * imag[0]!;
  for (let k = 1, mirror = size - 1; k < size >> 1; k++, mirror--) {
    const realSum = real[k]! + real[mirror]!;
    const realDifference = real[k]! - real[mirror]!;
    const imagSum = imag[k]! + imag[mirror]!;
    const imagDifference = imag[k]! - imag[mirror]!;
    powerA[k] = 0.25 * (realSum * realSum + imagDifference * imagDifference);
    powerB[k] = 0.25 * (imagSum * imagSum + realDifference * realDifference);
  }
}
