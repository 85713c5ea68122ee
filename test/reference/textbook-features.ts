import { naiveDft } from './naive-dft.ts';

type Options = {
  sampleRateHz: number;
  frameLength: number;
  frameShift: number;
  fftSize: number;
  window: (n: number) => number;
  preemphasis: number;
  removeDcOffset: boolean;
  melBins: number;
  lowHz: number;
  highHz: number;
};

/** Log-mel energies as a textbook writes them, frame by frame and filter by filter, in float64. */
export function textbookLogMel(samples: Float32Array, options: Options): number[][] {
  const { frameLength, frameShift, fftSize, sampleRateHz, melBins, lowHz, highHz } = options;
  const mel = (hz: number) => 1127 * Math.log(1 + hz / 700);
  const spacing = (mel(highHz) - mel(lowHz)) / (melBins + 1);
  const rows: number[][] = [];
  for (let start = 0; start + frameLength <= samples.length; start += frameShift) {
    const frame = Array.from(samples.subarray(start, start + frameLength), (x) => x * 32768);
    const mean = frame.reduce((sum, x) => sum + x, 0) / frameLength;
    const centred = frame.map((x) => (options.removeDcOffset ? x - mean : x));
    const emphasised = centred.map(
      (x, n) => x - options.preemphasis * (n === 0 ? x : centred[n - 1]!),
    );
    const tapered = new Float64Array(fftSize);
    emphasised.forEach((x, n) => {
      tapered[n] = x * options.window(n);
    });
    const { real, imag } = naiveDft(tapered, new Float64Array(fftSize));
    const row: number[] = [];
    for (let m = 0; m < melBins; m++) {
      const left = mel(lowHz) + m * spacing;
      let energy = 0;
      for (let k = 0; k < fftSize / 2; k++) {
        const distance = (mel((k * sampleRateHz) / fftSize) - left) / spacing;
        const weight = Math.max(0, Math.min(distance, 2 - distance));
        energy += weight * (real[k]! ** 2 + imag[k]! ** 2);
      }
      row.push(Math.log(Math.max(energy, 2 ** -23)));
    }
    rows.push(row);
  }
  return rows;
}

/** Regression slopes over ±window frames, edges repeated: Σ_j j x[t + j] / Σ_j j². */
export function textbookSlopes(rows: readonly number[][], window: number): number[][] {
  return rows.map((row, t) =>
    row.map((_, d) => {
      let sum = 0;
      let squares = 0;
      for (let j = -window; j <= window; j++) {
        sum += j * rows[Math.min(rows.length - 1, Math.max(0, t + j))]![d]!;
        squares += j * j;
      }
      return sum / squares;
    }),
  );
}
