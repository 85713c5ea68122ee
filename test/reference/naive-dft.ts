/** X[k] = Σ_n (re[n] + i im[n]) e^(−2πi nk / N), term by term. */
export function naiveDft(re: ArrayLike<number>, im: ArrayLike<number>) {
  const size = re.length;
  const real = new Float64Array(size);
  const imag = new Float64Array(size);
  for (let k = 0; k < size; k++)
    for (let n = 0; n < size; n++) {
      const angle = (-2 * Math.PI * ((n * k) % size)) / size;
      real[k]! += re[n]! * Math.cos(angle) - im[n]! * Math.sin(angle);
      imag[k]! += re[n]! * Math.sin(angle) + im[n]! * Math.cos(angle);
    }
  return { real, imag };
}
