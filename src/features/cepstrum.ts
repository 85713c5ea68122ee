/**
 * The cosine transform that turns log-mel energies into cepstra, liftered (Kaldi, feature-mfcc.cc,
 * ComputeDctMatrix and ComputeLifterCoeffs): with M mel bins and Q the lifter,
 *
 * c[i] = l[i] · s[i] · Σ_m logMel[m] cos(π i (m + ½) / M), s[0] = √(1/M), s[i] = √(2/M),
 * l[i] = 1 + Q/2 · sin(π i / Q), or 1 where Q is 0.
 *
 * @returns cepstra × melBins; `[i * melBins + m]`
 */
export function cepstralMatrix(cepstra: number, melBins: number, lifter: number): Float64Array {
  const matrix = new Float64Array(cepstra * melBins);
  for (let i = 0; i < cepstra; i++) {
    const lift = lifter === 0 ? 1 : 1 + (lifter / 2) * Math.sin((Math.PI * i) / lifter);
    const scale = lift * Math.sqrt((i === 0 ? 1 : 2) / melBins);
    for (let m = 0; m < melBins; m++)
      matrix[i * melBins + m] = scale * Math.cos((Math.PI * i * (m + 0.5)) / melBins);
  }
  return matrix;
}

/** Writes the cepstra of the frame whose log-mel energies are `logMel[4 m + lane]` to `output[at …]`. */
export function writeCepstra(
  matrix: Float64Array,
  melBins: number,
  logMel: Float64Array,
  lane: number,
  output: Float32Array,
  at: number,
): void {
  const cepstra = matrix.length / melBins;
  for (let i = 0; i < cepstra; i++) {
    let sum = 0;
    for (let m = 0; m < melBins; m++) sum += matrix[i * melBins + m]! * logMel[4 * m + lane]!;
    output[at + i] = sum;
  }
}
