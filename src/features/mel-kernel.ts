import { FftKernel } from '../math/fft.ts';
import {
  assemble,
  type Expression,
  FunctionBuilder,
  f64x2,
  i32,
  MemoryLayout,
} from '../math/wasm/assembler.ts';
import { logOf } from '../math/wasm/log.ts';
import type { MelFilterbank } from './mel-filterbank.ts';

const { add, sub, mul, load, store } = f64x2;

/** The least energy whose logarithm is taken: the spacing of float32 at 1, as in Kaldi. */
export const energyFloor = 1.1920928955078125e-7;

/** Frames that the kernel works on at once: two vector lanes, two real frames in each complex FFT. */
export const framesAtOnce = 4;

/**
 * From four tapered frames to their log-mel energies: FFT, power spectrum, filterbank, logarithm, in
 * WebAssembly vectors of two float64. Kernels are shared scratch space: one call is written, run and read
 * before the next.
 */
export class MelKernel {
  /** tapered frames 0 and 1, `[2 n + frame]`; n < FFT size, zeros from the frame's length on */
  readonly inputReal: Float64Array;
  /** frames 2 and 3, `[2 n + frame − 2]` */
  readonly inputImag: Float64Array;
  /** `[4 m + frame]`, m < mel bins */
  readonly logMel: Float64Array;
  readonly run: () => void;
  private readonly segmentStart: Int32Array;
  private readonly rising: Float64Array;

  private constructor(fftSize: number, melBins: number) {
    const layout = new MemoryLayout();
    const fft = new FftKernel(fftSize, layout);
    const addresses: Addresses = {
      powerA: layout.reserve(8 * fftSize),
      powerB: layout.reserve(8 * fftSize),
      rising: layout.reserve(8 * fftSize),
      segmentStart: layout.reserve(4 * (melBins + 2)),
      // the filter before the first one, which nobody reads, then the filters
      logMel: layout.reserve(32 * (melBins + 1)),
    };
    const f = new FunctionBuilder();
    fft.emit(f);
    emitPowerSpectra(f, fft, addresses);
    emitLogMel(f, melBins, addresses);
    const { memory, run } = assemble(f, layout.bytes);
    fft.writeTables(memory);
    this.inputReal = new Float64Array(memory, fft.inputReal, 2 * fftSize);
    this.inputImag = new Float64Array(memory, fft.inputImag, 2 * fftSize);
    this.logMel = new Float64Array(memory, addresses.logMel + 32, 4 * melBins);
    this.segmentStart = new Int32Array(memory, addresses.segmentStart, melBins + 2);
    this.rising = new Float64Array(memory, addresses.rising, fftSize);
    this.run = run;
  }

  private static readonly kernels = new Map<string, MelKernel>();

  /** The kernel of these sizes; it is compiled once a thread. */
  static of(fftSize: number, melBins: number): MelKernel {
    const key = `${fftSize} ${melBins}`;
    let kernel = MelKernel.kernels.get(key);
    if (kernel === undefined) {
      kernel = new MelKernel(fftSize, melBins);
      MelKernel.kernels.set(key, kernel);
    }
    return kernel;
  }

  /** Takes up a filterbank, and clears the input. */
  load(filterbank: MelFilterbank): void {
    this.inputReal.fill(0);
    this.inputImag.fill(0);
    filterbank.segmentStart.forEach((k, segment) => {
      this.segmentStart[segment] = 16 * k;
    });
    filterbank.rising.forEach((weight, k) => {
      this.rising[2 * k] = weight;
      this.rising[2 * k + 1] = weight;
    });
  }
}

type Addresses = {
  readonly powerA: number;
  readonly powerB: number;
  readonly rising: number;
  readonly segmentStart: number;
  readonly logMel: number;
};

/**
 * Power spectra of two real frames a and b from the transform Z of a + i b: with Z'[k] the conjugate of
 * Z[size − k], A = (Z + Z') / 2 and B = (Z − Z') / 2i (Press et al., Numerical Recipes, 12.3), at points
 * k = 0 … size / 2 − 1.
 */
function emitPowerSpectra(f: FunctionBuilder, fft: FftKernel, addresses: Addresses): void {
  const square = (x: Expression) => {
    const value = f.keep(x);
    return mul(value, value);
  };
  const start = i32.const(0);
  f.emit(store(start, addresses.powerA, square(load(start, fft.real))));
  f.emit(store(start, addresses.powerB, square(load(start, fft.imag))));
  f.loop(16, 8 * fft.size, 16, (k) => {
    const mirror = f.keep(i32.sub(i32.const(16 * fft.size), k), 'i32');
    const re = f.keep(load(k, fft.real));
    const im = f.keep(load(k, fft.imag));
    const mirrorRe = f.keep(load(mirror, fft.real));
    const mirrorIm = f.keep(load(mirror, fft.imag));
    const quarter = f64x2.const(0.25);
    const powerA = mul(quarter, add(square(add(re, mirrorRe)), square(sub(im, mirrorIm))));
    f.emit(store(k, addresses.powerA, powerA));
    const powerB = mul(quarter, add(square(add(im, mirrorIm)), square(sub(re, mirrorRe))));
    f.emit(store(k, addresses.powerB, powerB));
  });
}

/**
 * mel[m] = Σ_{k in segment m} u[k] power[k] + Σ_{k in segment m + 1} (1 − u[k]) power[k], u = rising;
 * then ln max(mel[m], energyFloor).
 */
function emitLogMel(f: FunctionBuilder, melBins: number, addresses: Addresses): void {
  const zero = f64x2.const(0);
  const k = f.variable(i32.load(i32.const(0), addresses.segmentStart), 'i32');
  const output = f.variable(i32.const(0), 'i32');
  const spectra = [addresses.powerA, addresses.powerB].map((power) => ({
    power,
    sum: f.variable(zero),
    weighted: f.variable(zero),
    weightedBefore: f.variable(zero),
  }));
  f.loop(0, 4 * (melBins + 1), 4, (segment) => {
    const end = f.keep(i32.load(segment, addresses.segmentStart + 4), 'i32');
    for (const { sum, weighted } of spectra) {
      sum.set(zero);
      weighted.set(zero);
    }
    f.whileLess(k.value, end, () => {
      const rising = f.keep(load(k.value, addresses.rising));
      for (const { power, sum, weighted } of spectra) {
        const value = f.keep(load(k.value, power));
        sum.set(add(sum.value, value));
        weighted.set(add(weighted.value, mul(rising, value)));
      }
      k.set(i32.add(k.value, i32.const(16)));
    });
    spectra.forEach(({ sum, weighted, weightedBefore }, index) => {
      const energy = add(weightedBefore.value, sub(sum.value, weighted.value));
      const floored = f.keep(f64x2.greater(f64x2.const(energyFloor), energy));
      f.emit(store(output.value, addresses.logMel + 16 * index, logOf(f, floored)));
      weightedBefore.set(weighted.value);
    });
    output.set(i32.add(output.value, i32.const(32)));
  });
}
