// Interpolation by a sinc in a wider sinc's main lobe (Lanczos), at the phase nearest to the position.
const phaseBits = 9;
const phases = 2 ** phaseBits;
const taps = 8;
const before = taps / 2 - 1;

/** Tables by the cutoff in hundredths of the input's Nyquist frequency; `[phase * taps + tap]` */
const tables = new Map<number, Float32Array>();

function tableFor(ratio: number): Float32Array {
  const cutoff = Math.min(95, Math.ceil((0.95 / ratio) * 20) * 5);
  let table = tables.get(cutoff);
  if (!table) {
    table = makeTable(cutoff / 100);
    tables.set(cutoff, table);
  }
  return table;
}

function makeTable(cutoff: number): Float32Array {
  const table = new Float32Array(phases * taps);
  for (let phase = 0; phase < phases; phase++) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const x = tap - before - phase / phases;
      table[phase * taps + tap] = sinc(cutoff * x) * sinc(x / (taps / 2));
      sum += table[phase * taps + tap]!;
    }
    for (let tap = 0; tap < taps; tap++) table[phase * taps + tap]! /= sum;
  }
  return table;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Samples that `changeSpeed` makes of so many. */
export function lengthAtSpeed(length: number, ratio: number): number {
  return Math.round(length / ratio);
}

/**
 * Plays a stretch of 16-bit samples `ratio` times as fast, pitch and formants along, as samples of ±1.
 * Made for ratios near 1; what would alias is attenuated with the interpolation.
 *
 * @param start first sample of the stretch; nothing outside [start, end) is heard
 * @throws RangeError for a ratio that is not positive
 */
export function changeSpeed(
  samples: Int16Array,
  start: number,
  end: number,
  ratio: number,
): Float32Array<ArrayBuffer> {
  if (!(ratio > 0)) throw new RangeError(`[changeSpeed] expected a positive ratio, got ${ratio}`);
  const output = new Float32Array(lengthAtSpeed(end - start, ratio));
  if (ratio === 1) {
    for (let index = 0; index < output.length; index++) {
      output[index] = samples[start + index]! / 32768;
    }
    return output;
  }
  // Room on both sides, so that the kernel needs no test for the edges.
  const input = new Float32Array(end - start + 2 * taps);
  for (let index = start; index < end; index++) {
    input[index - start + taps] = samples[index]! / 32768;
  }
  const table = tableFor(ratio);
  const step = ratio * phases;
  for (let index = 0; index < output.length; index++) {
    // In 512ths of a sample; whole numbers of 31 bits hold a stretch of four million samples.
    const position = (index * step + 0.5) | 0;
    const first = (position >> phaseBits) + taps - before;
    const row = (position & (phases - 1)) * taps;
    // The eight taps, written out: as a loop they take three times as long.
    output[index] =
      input[first]! * table[row]! +
      input[first + 1]! * table[row + 1]! +
      input[first + 2]! * table[row + 2]! +
      input[first + 3]! * table[row + 3]! +
      (input[first + 4]! * table[row + 4]! +
        input[first + 5]! * table[row + 5]! +
        input[first + 6]! * table[row + 6]! +
        input[first + 7]! * table[row + 7]!);
  }
  return output;
}
