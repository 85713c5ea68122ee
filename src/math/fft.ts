/**
 * Discrete Fourier transform of `size` complex numbers, X[k] = Σ_n x[n] e^(−2πi nk / size), between the
 * object's own arrays, so that nothing is allocated per transform: write x to `inputReal` and
 * `inputImag`, call `transform()`, read X from `real` and `imag`. The input is left as it was, so zeros
 * that pad it need to be written once only.
 *
 * Decimation in time, radix 4 (Cooley & Tukey 1965), above a first pass of 4 or 8 points, which needs
 * no table and reorders its input as it reads it.
 *
 * @throws RangeError unless `size` is a power of two of at least 4
 */
export class Fft {
  readonly size: number;
  readonly inputReal: Float64Array;
  readonly inputImag: Float64Array;
  readonly real: Float64Array;
  readonly imag: Float64Array;
  /** where the first pass puts the transform of x[b], x[b + size / P], x[b + 2 size / P] …, P points */
  private readonly firstBlocks: Int32Array;
  /** one a radix-4 pass over blocks of m: [w, w², w³] of w = e^(−2πi j / 4m), real then imaginary; `[6 j …]` */
  private readonly twiddles: readonly Float64Array[];

  constructor(size: number) {
    if (!Number.isInteger(Math.log2(size)) || size < 4)
      throw new RangeError(`[Fft] expected a power of two of at least 4, got ${size}`);
    this.size = size;
    this.inputReal = new Float64Array(size);
    this.inputImag = new Float64Array(size);
    this.real = new Float64Array(size);
    this.imag = new Float64Array(size);
    const points = Math.log2(size) % 2 === 0 ? 4 : 8;
    this.firstBlocks = Int32Array.from(
      { length: size / points },
      (_, b) => points * reverseRadixFour(b, size / points),
    );
    const twiddles: Float64Array[] = [];
    for (let m = points; m < size; m *= 4) twiddles.push(twiddlesOf(m));
    this.twiddles = twiddles;
  }

  transform(): void {
    const { inputReal, inputImag, real, imag, firstBlocks, size } = this;
    let m = size / firstBlocks.length;
    const firstPass = m === 8 ? eightPointPass : fourPointPass;
    firstPass(inputReal, inputImag, real, imag, firstBlocks);
    for (const twiddles of this.twiddles) {
      radixFourPass(real, imag, m, twiddles);
      m *= 4;
    }
  }
}

/** The base-4 digits of n < count in reverse order. */
function reverseRadixFour(n: number, count: number): number {
  let reversed = 0;
  for (let rest = n, place = count / 4; place >= 1; place /= 4, rest >>= 2)
    reversed += (rest & 3) * place;
  return reversed;
}

function twiddlesOf(m: number): Float64Array {
  const twiddles = new Float64Array(6 * m);
  for (let j = 0; j < m; j++)
    for (let power = 1; power <= 3; power++) {
      const angle = (-2 * Math.PI * j * power) / (4 * m);
      twiddles[6 * j + 2 * (power - 1)] = Math.cos(angle);
      twiddles[6 * j + 2 * (power - 1) + 1] = Math.sin(angle);
    }
  return twiddles;
}

/** Transforms of every four numbers that lie a quarter of the input apart. */
function fourPointPass(
  inputReal: Float64Array,
  inputImag: Float64Array,
  real: Float64Array,
  imag: Float64Array,
  blocks: Int32Array,
): void {
  const step = blocks.length;
  for (let b = 0; b < step; b++) {
    const n1 = b + step;
    const n2 = n1 + step;
    const n3 = n2 + step;
    const sr = inputReal[b]! + inputReal[n2]!;
    const si = inputImag[b]! + inputImag[n2]!;
    const dr = inputReal[b]! - inputReal[n2]!;
    const di = inputImag[b]! - inputImag[n2]!;
    const osr = inputReal[n1]! + inputReal[n3]!;
    const osi = inputImag[n1]! + inputImag[n3]!;
    const odr = inputReal[n1]! - inputReal[n3]!;
    const odi = inputImag[n1]! - inputImag[n3]!;
    const p = blocks[b]!;
    real[p] = sr + osr;
    imag[p] = si + osi;
    real[p + 1] = dr + odi;
    imag[p + 1] = di - odr;
    real[p + 2] = sr - osr;
    imag[p + 2] = si - osi;
    real[p + 3] = dr - odi;
    imag[p + 3] = di + odr;
  }
}

/**
 * Transforms of every eight numbers x0 … x7 that lie an eighth of the input apart: e, four points of the
 * even ones, f, four points of the odd ones, and one radix-2 step: X[k] = e[k] ± w^k f[k], w = e^(−iπ/4).
 */
function eightPointPass(
  inputReal: Float64Array,
  inputImag: Float64Array,
  real: Float64Array,
  imag: Float64Array,
  blocks: Int32Array,
): void {
  const step = blocks.length;
  const h = Math.SQRT1_2;
  for (let b = 0; b < step; b++) {
    const n1 = b + step;
    const n2 = n1 + step;
    const n3 = n2 + step;
    const n4 = n3 + step;
    const n5 = n4 + step;
    const n6 = n5 + step;
    const n7 = n6 + step;
    let sr = inputReal[b]! + inputReal[n4]!;
    let si = inputImag[b]! + inputImag[n4]!;
    let dr = inputReal[b]! - inputReal[n4]!;
    let di = inputImag[b]! - inputImag[n4]!;
    let osr = inputReal[n2]! + inputReal[n6]!;
    let osi = inputImag[n2]! + inputImag[n6]!;
    let odr = inputReal[n2]! - inputReal[n6]!;
    let odi = inputImag[n2]! - inputImag[n6]!;
    const e0r = sr + osr;
    const e0i = si + osi;
    const e1r = dr + odi;
    const e1i = di - odr;
    const e2r = sr - osr;
    const e2i = si - osi;
    const e3r = dr - odi;
    const e3i = di + odr;
    sr = inputReal[n1]! + inputReal[n5]!;
    si = inputImag[n1]! + inputImag[n5]!;
    dr = inputReal[n1]! - inputReal[n5]!;
    di = inputImag[n1]! - inputImag[n5]!;
    osr = inputReal[n3]! + inputReal[n7]!;
    osi = inputImag[n3]! + inputImag[n7]!;
    odr = inputReal[n3]! - inputReal[n7]!;
    odi = inputImag[n3]! - inputImag[n7]!;
    const f0r = sr + osr;
    const f0i = si + osi;
    const f2r = si - osi; // times w² = −i
    const f2i = osr - sr;
    const g1r = dr + odi;
    const g1i = di - odr;
    const g3r = dr - odi;
    const g3i = di + odr;
    const f1r = h * (g1r + g1i); // times w
    const f1i = h * (g1i - g1r);
    const f3r = h * (g3i - g3r); // times w³
    const f3i = -h * (g3r + g3i);
    const p = blocks[b]!;
    real[p] = e0r + f0r;
    imag[p] = e0i + f0i;
    real[p + 1] = e1r + f1r;
    imag[p + 1] = e1i + f1i;
    real[p + 2] = e2r + f2r;
    imag[p + 2] = e2i + f2i;
    real[p + 3] = e3r + f3r;
    imag[p + 3] = e3i + f3i;
    real[p + 4] = e0r - f0r;
    imag[p + 4] = e0i - f0i;
    real[p + 5] = e1r - f1r;
    imag[p + 5] = e1i - f1i;
    real[p + 6] = e2r - f2r;
    imag[p + 6] = e2i - f2i;
    real[p + 7] = e3r - f3r;
    imag[p + 7] = e3i - f3i;
  }
}

/**
 * Joins every four successive transforms A, B, C, D of m points to one of 4m:
 * X[j + q m] = A[j] + (−i)^q w B[j] + (−1)^q w² C[j] + i^q w³ D[j].
 */
function radixFourPass(
  real: Float64Array,
  imag: Float64Array,
  m: number,
  twiddles: Float64Array,
): void {
  const size = real.length;
  for (let block = 0; block < size; block += 4 * m) {
    for (let j = 0; j < m; j++) {
      const a = block + j;
      const b = a + m;
      const c = b + m;
      const d = c + m;
      const w = 6 * j;
      const w1r = twiddles[w]!;
      const w1i = twiddles[w + 1]!;
      const w2r = twiddles[w + 2]!;
      const w2i = twiddles[w + 3]!;
      const w3r = twiddles[w + 4]!;
      const w3i = twiddles[w + 5]!;
      const ar = real[a]!;
      const ai = imag[a]!;
      const br = real[b]! * w1r - imag[b]! * w1i;
      const bi = real[b]! * w1i + imag[b]! * w1r;
      const cr = real[c]! * w2r - imag[c]! * w2i;
      const ci = real[c]! * w2i + imag[c]! * w2r;
      const dr = real[d]! * w3r - imag[d]! * w3i;
      const di = real[d]! * w3i + imag[d]! * w3r;
      const sr = ar + cr;
      const si = ai + ci;
      const tr = ar - cr;
      const ti = ai - ci;
      const ur = br + dr;
      const ui = bi + di;
      const vr = br - dr;
      const vi = bi - di;
      real[a] = sr + ur;
      imag[a] = si + ui;
      real[b] = tr + vi;
      imag[b] = ti - vr;
      real[c] = sr - ur;
      imag[c] = si - ui;
      real[d] = tr - vi;
      imag[d] = ti + vr;
    }
  }
}
