import { describe, expect, it } from 'vitest';
import { Fft } from '../../src/math/fft.ts';
import { Random } from '../../src/math/random.ts';
import { naiveDft } from '../reference/naive-dft.ts';

const sizes = [4, 8, 16, 32, 64, 128, 256, 512, 1024];

function fillRandom(fft: Fft, seed: number): void {
  const random = new Random(seed);
  for (const input of [fft.inputReal, fft.inputImag])
    for (let index = 0; index < input.length; index++) input[index] = random.gaussian();
}

const lane = (values: Float64Array, which: number) =>
  values.filter((_, index) => index % 2 === which);

describe('Fft', () => {
  it.each(sizes)('equals the naive transform of both sequences at %i points', (size) => {
    const fft = new Fft(size);
    fillRandom(fft, size);
    fft.transform();
    for (const which of [0, 1]) {
      const expected = naiveDft(lane(fft.inputReal, which), lane(fft.inputImag, which));
      const [real, imag] = [lane(fft.real, which), lane(fft.imag, which)];
      for (let k = 0; k < size; k++) {
        expect(Math.abs(real[k]! - expected.real[k]!)).toBeLessThan(1e-11 * size);
        expect(Math.abs(imag[k]! - expected.imag[k]!)).toBeLessThan(1e-11 * size);
      }
    }
  });

  it('leaves its input as it was and gives the same answer again', () => {
    const fft = new Fft(64);
    fillRandom(fft, 1);
    const input = fft.inputReal.slice();
    fft.transform();
    const first = fft.real.slice();
    fft.transform();
    expect(fft.inputReal).toEqual(input);
    expect(fft.real).toEqual(first);
  });

  it('keeps the energy of each sequence (Parseval)', () => {
    const fft = new Fft(256);
    fillRandom(fft, 2);
    fft.transform();
    const energy = (values: Float64Array) => values.reduce((sum, x) => sum + x * x, 0);
    for (const which of [0, 1]) {
      const input = energy(lane(fft.inputReal, which)) + energy(lane(fft.inputImag, which));
      const output = energy(lane(fft.real, which)) + energy(lane(fft.imag, which));
      expect(output / 256).toBeCloseTo(input, 9);
    }
  });

  it('computes a sequence bit for bit the same whatever its neighbour is', () => {
    const fft = new Fft(128);
    fillRandom(fft, 3);
    fft.transform();
    const alone = lane(fft.real, 0);
    for (let n = 0; n < 128; n++) fft.inputReal[2 * n + 1] = 1e30 * (n + 1);
    fft.transform();
    expect(lane(fft.real, 0)).toEqual(alone);
  });

  it.each([0, 2, 3, 12, 1000, 7.5])('refuses a size of %f', (size) => {
    expect(() => new Fft(size)).toThrow(RangeError);
  });
});
