/**
 * Discrete Fourier transform of `size` complex numbers, X[k] = Σ_n x[n] e^(−2πi nk / size), in place in
 * the object's own arrays, so that nothing is allocated per transform:
 *
 *     for (n …) { fft.real[fft.inputIndex[n]] = …; fft.imag[fft.inputIndex[n]] = …; }
 *     fft.transform();      // X[k] = fft.real[k] + i · fft.imag[k]
 *
 * Decimation in time, radix 4 (Cooley & Tukey 1965), above a first pass of 4 or 8 points that needs no
 * table. The caller writes sample n straight to `inputIndex[n]`, which saves the reordering pass. All
 * `size` entries must be written anew for every transform.
 *
 * @throws RangeError unless `size` is a power of two of at least 4
 */
export class Fft {
  readonly size: number;
  readonly real: Float64Array;
  readonly imag: Float64Array;
  readonly inputIndex: Int32Array;
  /** points of the first pass: 8 when log2(size) is odd, otherwise 4 */
  private readonly firstPoints: number;
  /** one a radix-4 pass over blocks of m: [w, w², w³] of w = e^(−2πi j / 4m), real then imaginary; `[6 j …]` */
  private readonly twiddles: readonly Float64Array[];

  constructor(size: number) {
    if (!Number.isInteger(Math.log2(size)) || size < 4)
      throw new RangeError(`[Fft] expected a power of two of at least 4, got ${size}`);
    this.size = size;
    this.real = new Float64Array(size);
    this.imag = new Float64Array(size);
    this.firstPoints = Math.log2(size) % 2 === 0 ? 4 : 8;
    this.inputIndex = Int32Array.from({ length: size }, (_, n) => this.positionOf(n));
    const twiddles: Float64Array[] = [];
    for (let m = this.firstPoints; m < size; m *= 4) twiddles.push(twiddlesOf(m));
    this.twiddles = twiddles;
  }

  /** Radix-4 digits reversed, down to the first pass, which takes its points in order. */
  private positionOf(n: number): number {
    let position = 0;
    let rest = n;
    for (let block = this.size; block > this.firstPoints; block /= 4) {
      position += (rest & 3) * (block >> 2);
      rest >>= 2;
    }
    return position + rest;
  }

  /** Replaces the numbers in `real` and `imag` by their transform. */
  transform(): void {
    if (this.firstPoints === 8) eightPointPass(this.real, this.imag);
    else fourPointPass(this.real, this.imag);
    let m = this.firstPoints;
    for (const twiddles of this.twiddles) {
      radixFourPass(this.real, this.imag, m, twiddles);
      m *= 4;
    }
  }
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

/** Transforms of every four successive numbers. */
function fourPointPass(real: Float64Array, imag: Float64Array): void {
  const size = real.length;
  for (let p = 0; p < size; p += 4) {
    const sumReal = real[p]! + real[p + 2]!;
    const sumImag = imag[p]! + imag[p + 2]!;
    const differenceReal = real[p]! - real[p + 2]!;
    const differenceImag = imag[p]! - imag[p + 2]!;
    const oddSumReal = real[p + 1]! + real[p + 3]!;
    const oddSumImag = imag[p + 1]! + imag[p + 3]!;
    const oddDifferenceReal = real[p + 1]! - real[p + 3]!;
    const oddDifferenceImag = imag[p + 1]! - imag[p + 3]!;
    real[p] = sumReal + oddSumReal;
    imag[p] = sumImag + oddSumImag;
    real[p + 1] = differenceReal + oddDifferenceImag;
    imag[p + 1] = differenceImag - oddDifferenceReal;
    real[p + 2] = sumReal - oddSumReal;
    imag[p + 2] = sumImag - oddSumImag;
    real[p + 3] = differenceReal - oddDifferenceImag;
    imag[p + 3] = differenceImag + oddDifferenceReal;
  }
}

/**
 * Transforms of every eight successive numbers x0 … x7: four points of the even ones, four of the odd
 * ones, and one radix-2 step with w = e^(−iπ/4).
 */
function eightPointPass(real: Float64Array, imag: Float64Array): void {
  const size = real.length;
  const h = Math.SQRT1_2;
  for (let p = 0; p < size; p += 8) {
    // e0 … e3: transform of x0, x2, x4, x6
    let sr = real[p]! + real[p + 4]!;
    let si = imag[p]! + imag[p + 4]!;
    let dr = real[p]! - real[p + 4]!;
    let di = imag[p]! - imag[p + 4]!;
    let osr = real[p + 2]! + real[p + 6]!;
    let osi = imag[p + 2]! + imag[p + 6]!;
    let odr = real[p + 2]! - real[p + 6]!;
    let odi = imag[p + 2]! - imag[p + 6]!;
    const e0r = sr + osr;
    const e0i = si + osi;
    const e1r = dr + odi;
    const e1i = di - odr;
    const e2r = sr - osr;
    const e2i = si - osi;
    const e3r = dr - odi;
    const e3i = di + odr;
    // f0 … f3: transform of x1, x3, x5, x7, then times w^k
    sr = real[p + 1]! + real[p + 5]!;
    si = imag[p + 1]! + imag[p + 5]!;
    dr = real[p + 1]! - real[p + 5]!;
    di = imag[p + 1]! - imag[p + 5]!;
    osr = real[p + 3]! + real[p + 7]!;
    osi = imag[p + 3]! + imag[p + 7]!;
    odr = real[p + 3]! - real[p + 7]!;
    odi = imag[p + 3]! - imag[p + 7]!;
    const f0r = sr + osr;
    const f0i = si + osi;
    const f2r = si - osi;
    const f2i = osr - sr;
    const g1r = dr + odi;
    const g1i = di - odr;
    const g3r = dr - odi;
    const g3i = di + odr;
    const f1r = h * (g1r + g1i);
    const f1i = h * (g1i - g1r);
    const f3r = h * (g3i - g3r);
    const f3i = -h * (g3r + g3i);
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
