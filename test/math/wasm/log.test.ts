import { expect, it } from 'vitest';
import { Random } from '../../../src/math/random.ts';
import { assemble, FunctionBuilder, f64x2 } from '../../../src/math/wasm/assembler.ts';
import { logOf } from '../../../src/math/wasm/log.ts';

function logs(values: Float64Array): Float64Array {
  const f = new FunctionBuilder();
  f.loop(0, values.byteLength, 16, (at) => {
    f.emit(f64x2.store(at, 0, logOf(f, f64x2.load(at, 0))));
  });
  const { memory, run } = assemble(f, values.byteLength);
  const array = new Float64Array(memory, 0, values.length);
  array.set(values);
  run();
  return array;
}

it('stays within 1e-9 of Math.log over all magnitudes', () => {
  const random = new Random(5);
  const values = Float64Array.from({ length: 20_000 }, () => 2 ** random.uniform(-1000, 1000));
  logs(values).forEach((value, index) => {
    expect(Math.abs(value - Math.log(values[index]!))).toBeLessThan(1e-9);
  });
});

it('stays within 1e-9 of Math.log around the places where the exponent changes', () => {
  const around = [Math.SQRT1_2, 1, Math.SQRT2, 2, 2 ** -23, Number.MAX_VALUE / 2];
  const values = Float64Array.from(
    around.flatMap((x) => [x * (1 - 2 ** -52), x, x * (1 + 2 ** -52), x * (1 + 1e-6)]),
  );
  logs(values).forEach((value, index) => {
    expect(Math.abs(value - Math.log(values[index]!))).toBeLessThan(1e-9);
  });
});

it('gives exactly 0 for 1', () => {
  expect([...logs(Float64Array.of(1, 1))]).toEqual([0, 0]);
});
