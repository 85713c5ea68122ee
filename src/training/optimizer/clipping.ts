/** Euclidean norm; +Infinity if an element is not finite. */
export function gradientNorm(gradient: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < gradient.length; index++) sum += gradient[index]! * gradient[index]!;
  return Number.isFinite(sum) ? Math.sqrt(sum) : Number.POSITIVE_INFINITY;
}

/**
 * Shrinks the gradient, in place, to at most this norm (Pascanu, Mikolov & Bengio 2013, algorithm 1).
 * A gradient that is not finite becomes zero: one bad batch must not end a run.
 * @returns the norm it had
 */
export function clipGradient(gradient: Float32Array, largestNorm: number): number {
  const norm = gradientNorm(gradient);
  if (norm <= largestNorm) return norm;
  if (norm === Number.POSITIVE_INFINITY) {
    gradient.fill(0);
    return norm;
  }
  const factor = largestNorm / norm;
  for (let index = 0; index < gradient.length; index++) gradient[index]! *= factor;
  return norm;
}
