import { type Expression, type FunctionBuilder, f64x2, i64x2 } from './assembler.ts';

const bitsOfOne = 0x3ff0000000000000n;
const bitsOfSqrtHalf = 0x3fe6a09e00000000n;
const mantissaBits = 0x000fffffffffffffn;
const exponentBias = 1023;
// 2⁵² with a small integer in its lowest bits is the float64 2⁵² + integer.
const bitsOfTwoTo52 = 0x4330000000000000n;
const twoTo52 = 2 ** 52;

/**
 * Natural logarithms of two positive, normal, finite float64. The absolute error is below 1e-9, far less
 * than the spacing of the float32 that features end up in.
 *
 * With x = 2^e m, √½ <= m < √2, and s = (m − 1) / (m + 1): ln x = e ln 2 + 2 (s + s³/3 + … + s⁹/9)
 * (the split into exponent and mantissa is that of fdlibm's e_log.c).
 */
export function logOf(f: FunctionBuilder, x: Expression): Expression {
  const { add, sub, mul, div, const: constant } = f64x2;
  const shifted = f.keep(i64x2.add(x, i64x2.const(bitsOfOne - bitsOfSqrtHalf)));
  const exponent = sub(
    i64x2.or(i64x2.shiftRight(shifted, 52), i64x2.const(bitsOfTwoTo52)),
    constant(twoTo52 + exponentBias),
  );
  const m = f.keep(
    i64x2.add(i64x2.and(shifted, i64x2.const(mantissaBits)), i64x2.const(bitsOfSqrtHalf)),
  );
  const s = f.keep(div(sub(m, constant(1)), add(m, constant(1))));
  const z = f.keep(mul(s, s));
  let series = constant(2 / 9);
  for (const odd of [7, 5, 3, 1]) series = add(constant(2 / odd), mul(z, series));
  return add(mul(exponent, constant(Math.LN2)), mul(s, series));
}
