import {
  assemble,
  type Expression,
  FunctionBuilder,
  f64x2,
  i32,
  MemoryLayout,
} from './wasm/assembler.ts';

const { add, sub, mul, load, loadSplat, store } = f64x2;

type Complex = { readonly re: Expression; readonly im: Expression };

/** Bytes of one vector: element n of the first sequence, then of the second. */
const vectorBytes = 16;

/**
 * The code and tables of a discrete Fourier transform of `size` complex numbers,
 * X[k] = Σ_n x[n] e^(−2πi nk / size), of two sequences at once, one a vector lane. It reads x at
 * `inputReal` and `inputImag`, leaves it as it was, and writes X to `real` and `imag`: addresses of
 * `size` vectors each.
 *
 * Decimation in time, radix 4 (Cooley & Tukey 1965), above a first pass of 4 or 8 points, which needs
 * no table and reorders its input as it reads it.
 *
 * @throws RangeError unless `size` is a power of two of at least 4
 */
export class FftKernel {
  readonly size: number;
  readonly inputReal: number;
  readonly inputImag: number;
  readonly real: number;
  readonly imag: number;
  /** points of the first pass */
  private readonly points: number;
  /** at 16 b: where the first pass puts the transform of x[b], x[b + size / points] … */
  private readonly blockTable: number;
  /** one a radix-4 pass over blocks of m: w, w², w³ of w = e^(−2πi j / 4m), real and imaginary, for each j */
  private readonly twiddleTables: { readonly m: number; readonly address: number }[] = [];

  constructor(size: number, layout: MemoryLayout) {
    if (!Number.isInteger(Math.log2(size)) || size < 4)
      throw new RangeError(`[Fft] expected a power of two of at least 4, got ${size}`);
    this.size = size;
    this.points = Math.log2(size) % 2 === 0 ? 4 : 8;
    this.inputReal = layout.reserve(size * vectorBytes);
    this.inputImag = layout.reserve(size * vectorBytes);
    this.real = layout.reserve(size * vectorBytes);
    this.imag = layout.reserve(size * vectorBytes);
    this.blockTable = layout.reserve((size / this.points) * vectorBytes);
    for (let m = this.points; m < size; m *= 4)
      this.twiddleTables.push({ m, address: layout.reserve(6 * m * 8) });
  }

  /** Fills the tables. */
  writeTables(memory: ArrayBuffer): void {
    const count = this.size / this.points;
    const blocks = new Int32Array(memory, this.blockTable, 4 * count);
    for (let b = 0; b < count; b++)
      blocks[4 * b] = reverseBase4(b, count) * this.points * vectorBytes;
    for (const { m, address } of this.twiddleTables) {
      const twiddles = new Float64Array(memory, address, 6 * m);
      for (let j = 0; j < m; j++)
        for (let power = 1; power <= 3; power++) {
          const angle = (-2 * Math.PI * j * power) / (4 * m);
          twiddles[6 * j + 2 * (power - 1)] = Math.cos(angle);
          twiddles[6 * j + 2 * (power - 1) + 1] = Math.sin(angle);
        }
    }
  }

  emit(f: FunctionBuilder): void {
    this.emitFirstPass(f);
    for (const { m, address } of this.twiddleTables) this.emitPass(f, m, address);
  }

  /** Transforms of every `points` numbers that lie size / points apart. */
  private emitFirstPass(f: FunctionBuilder): void {
    const step = (this.size / this.points) * vectorBytes;
    f.loop(0, step, vectorBytes, (b) => {
      const inputs = Array.from({ length: this.points }, (_, n) => ({
        re: load(b, this.inputReal + n * step),
        im: load(b, this.inputImag + n * step),
      }));
      const outputs = this.points === 4 ? fourPoints(f, inputs) : eightPoints(f, inputs);
      const block = f.keep(i32.load(b, this.blockTable), 'i32');
      outputs.forEach(({ re, im }, k) => {
        f.emit(store(block, this.real + k * vectorBytes, re));
        f.emit(store(block, this.imag + k * vectorBytes, im));
      });
    });
  }

  /** Joins every four successive transforms A, B, C, D of m points to one of 4m, of A, wB, w²C, w³D. */
  private emitPass(f: FunctionBuilder, m: number, twiddleTable: number): void {
    const step = m * vectorBytes;
    f.loop(0, this.size * vectorBytes, 4 * step, (block) => {
      f.loop(0, step, vectorBytes, (j) => {
        const at = f.keep(i32.add(block, j), 'i32');
        const w = f.keep(i32.add(j, i32.add(j, j)), 'i32'); // 48 bytes a j
        const inputs = [0, 1, 2, 3].map((q) => {
          const re = f.keep(load(at, this.real + q * step));
          const im = f.keep(load(at, this.imag + q * step));
          if (q === 0) return { re, im };
          const cos = f.keep(loadSplat(w, twiddleTable + 16 * (q - 1)));
          const sin = f.keep(loadSplat(w, twiddleTable + 16 * (q - 1) + 8));
          return {
            re: sub(mul(re, cos), mul(im, sin)),
            im: add(mul(re, sin), mul(im, cos)),
          };
        });
        fourPoints(f, inputs).forEach(({ re, im }, q) => {
          f.emit(store(at, this.real + q * step, re));
          f.emit(store(at, this.imag + q * step, im));
        });
      });
    });
  }
}

/** X[k] = Σ_n x[n] (−i)^nk. */
function fourPoints(f: FunctionBuilder, inputs: readonly Complex[]): Complex[] {
  const [a, b, c, d] = inputs.map((x) => kept(f, x)) as [Complex, Complex, Complex, Complex];
  const sum = kept(f, plus(a, c));
  const difference = kept(f, minus(a, c));
  const oddSum = kept(f, plus(b, d));
  const odd = kept(f, minus(b, d));
  return [
    plus(sum, oddSum),
    { re: add(difference.re, odd.im), im: sub(difference.im, odd.re) },
    minus(sum, oddSum),
    { re: sub(difference.re, odd.im), im: add(difference.im, odd.re) },
  ];
}

/** From e, four points of the even ones, and f, four points of the odd ones: X[k] = e[k] ± w^k f[k], w = e^(−iπ/4). */
function eightPoints(f: FunctionBuilder, inputs: readonly Complex[]): Complex[] {
  const half = (parity: number) =>
    fourPoints(
      f,
      inputs.filter((_, n) => n % 2 === parity),
    ).map((x) => kept(f, x)) as [Complex, Complex, Complex, Complex];
  const even = half(0);
  const [f0, f1, f2, f3] = half(1);
  const h = f64x2.const(Math.SQRT1_2);
  const odd = [
    f0,
    { re: mul(h, add(f1.re, f1.im)), im: mul(h, sub(f1.im, f1.re)) },
    { re: f2.im, im: sub(f64x2.const(0), f2.re) },
    { re: mul(h, sub(f3.im, f3.re)), im: mul(f64x2.const(-Math.SQRT1_2), add(f3.re, f3.im)) },
  ].map((x) => kept(f, x));
  return [...even.map((e, k) => plus(e, odd[k]!)), ...even.map((e, k) => minus(e, odd[k]!))];
}

const kept = (f: FunctionBuilder, x: Complex): Complex => ({
  re: f.keep(x.re),
  im: f.keep(x.im),
});
const plus = (a: Complex, b: Complex): Complex => ({ re: add(a.re, b.re), im: add(a.im, b.im) });
const minus = (a: Complex, b: Complex): Complex => ({ re: sub(a.re, b.re), im: sub(a.im, b.im) });

/** The base-4 digits of n < count in reverse order. */
function reverseBase4(n: number, count: number): number {
  let reversed = 0;
  for (let rest = n, place = count / 4; place >= 1; place /= 4, rest >>= 2)
    reversed += (rest & 3) * place;
  return reversed;
}

/** Two complex Fourier transforms at once; sequence s has its element n at `[2 n + s]` of each array. */
export class Fft {
  readonly inputReal: Float64Array;
  readonly inputImag: Float64Array;
  readonly real: Float64Array;
  readonly imag: Float64Array;
  /** From `inputReal` and `inputImag`, which stay as they are, to `real` and `imag`. */
  readonly transform: () => void;

  /** @throws RangeError unless `size` is a power of two of at least 4 */
  constructor(size: number) {
    const layout = new MemoryLayout();
    const kernel = new FftKernel(size, layout);
    const f = new FunctionBuilder();
    kernel.emit(f);
    const { memory, run } = assemble(f, layout.bytes);
    kernel.writeTables(memory);
    this.inputReal = new Float64Array(memory, kernel.inputReal, 2 * size);
    this.inputImag = new Float64Array(memory, kernel.inputImag, 2 * size);
    this.real = new Float64Array(memory, kernel.real, 2 * size);
    this.imag = new Float64Array(memory, kernel.imag, 2 * size);
    this.transform = run;
  }
}
