/** A low-pass filter for resampling by up/down (in lowest terms), cut into phases. */
export type FilterBank = {
  readonly up: number;
  readonly down: number;
  /** One phase for each of `up` fractions of an input sample, or `phases` to interpolate between. */
  readonly exact: boolean;
  readonly phases: number;
  /** Coefficients a phase, a multiple of 4. */
  readonly taps: number;
  /** Input samples that the filter reaches to either side. */
  readonly reach: number;
  /** (phases + 1) × taps; [phase * taps + k] weighs input sample base + 1 - reach + k. */
  readonly coefficients: Float64Array;
};

/** Zero crossings of the sinc on either side: the filter's length in samples of the lower rate. */
const zeroCrossings = 48;
const stopBandDecibels = 86;
/** Kaiser, "Nonrecursive digital filter design using the I0-sinh window", 1974. */
const kaiserBeta = 0.1102 * (stopBandDecibels - 8.7);
/** The width of the transition band, as a fraction of the Nyquist frequency. */
const transition = (stopBandDecibels - 8) / (2.285 * 2 * zeroCrossings * Math.PI);

/** Linear interpolation between 512 phases errs by (π/512)²/8 at most, which is -106 dB. */
const interpolatedPhases = 512;
const keptBanks = 32;
const banks = new Map<string, FilterBank>();

/** The filter bank for a pair of rates, from the cache of those used last. */
export function filterBankFor(fromHz: number, toHz: number): FilterBank {
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const key = `${toHz / divisor}/${fromHz / divisor}`;
  const bank = banks.get(key) ?? designFilterBank(toHz / divisor, fromHz / divisor);
  banks.delete(key);
  banks.set(key, bank);
  if (banks.size > keptBanks) banks.delete(banks.keys().next().value!);
  return bank;
}

function designFilterBank(up: number, down: number): FilterBank {
  const ratio = Math.min(1, up / down);
  const halfWidth = zeroCrossings / ratio; // in input samples
  const cutoff = ratio * (1 - transition / 2); // as a fraction of the input's Nyquist frequency
  const reach = Math.ceil(halfWidth / 2) * 2;
  const taps = reach * 2;
  const exact = up <= interpolatedPhases;
  const phases = exact ? up : interpolatedPhases;
  const coefficients = new Float64Array((phases + 1) * taps);
  const windowScale = 1 / besselI0(kaiserBeta);
  // The filter is symmetric: phase and phases - phase hold the same coefficients, reversed.
  for (let phase = 0; 2 * phase <= phases; phase++) {
    for (let k = 0; k < taps; k++) {
      const time = phase / phases - (k + 1 - reach); // from the input sample to the output
      const relative = time / halfWidth;
      if (Math.abs(relative) >= 1 - 1e-9) continue;
      const window = besselI0(kaiserBeta * Math.sqrt(1 - relative * relative)) * windowScale;
      const coefficient = cutoff * sinc(cutoff * time) * window;
      coefficients[phase * taps + k] = coefficient;
      coefficients[(phases - phase) * taps + (taps - 1 - k)] = coefficient;
    }
  }
  return { up, down, exact, phases, taps, reach, coefficients };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The modified Bessel function of order zero, by its power series. */
function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let sum = 1;
  for (let k = 1, term = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
