import { Fft } from '../../math/fft.ts';
import type { Random } from '../../math/random.ts';
import { amplitudeOfDb } from './level.ts';

/** A room's answer to an impulse, as the spectrum that `Reverberator` multiplies with. */
export type Room = { readonly real: Float32Array; readonly imag: Float32Array };

/** Sequences that `Fft` transforms at once; element n of sequence s is at `[lanes * n + s]`. */
const lanes = 2;

/**
 * Convolves with rooms of at most `maxSeconds` by overlap-save, four blocks a transform: two lanes, in
 * each one block as the real part and one as the imaginary part.
 */
export class Reverberator {
  private readonly sampleRateHz: number;
  private readonly fft: Fft;
  private readonly roomLength: number;
  /** Of the transform: a block and what rings on of the one before. */
  private readonly size: number;

  constructor(sampleRateHz: number, maxSeconds: number) {
    this.sampleRateHz = sampleRateHz;
    this.roomLength = 2 ** Math.max(4, Math.round(Math.log2(maxSeconds * sampleRateHz)));
    this.size = 2 * this.roomLength;
    this.fft = new Fft(this.size);
  }

  /**
   * The direct sound and behind it noise that decays exponentially (Polack 1988), by 60 dB in
   * `decaySeconds`, at a level that gives the ratio of direct to reverberant energy.
   */
  makeRoom(decaySeconds: number, directToReverberantDb: number, random: Random): Room {
    const answer = new Float64Array(this.roomLength);
    const decay = Math.log(1000) / (decaySeconds * this.sampleRateHz);
    const firstReflection = Math.round(random.uniform(0.002, 0.012) * this.sampleRateHz);
    let energy = 0;
    for (let index = firstReflection; index < answer.length; index++) {
      answer[index] = random.gaussian() * Math.exp(-decay * index);
      energy += answer[index]! ** 2;
    }
    const gain = amplitudeOfDb(-directToReverberantDb) / Math.sqrt(energy);
    for (let index = 0; index < answer.length; index++) answer[index]! *= gain;
    answer[0] = 1;
    const { fft } = this;
    fft.inputReal.fill(0);
    fft.inputImag.fill(0);
    for (const [index, value] of answer.entries()) fft.inputReal[lanes * index] = value;
    fft.transform();
    const ofFirstLane = (values: Float64Array) =>
      Float32Array.from({ length: this.size }, (_, k) => values[lanes * k]!);
    return { real: ofFirstLane(fft.real), imag: ofFirstLane(fft.imag) };
  }

  /** The samples as heard in the room, in place: as many as there were, the last echoes cut. */
  apply(samples: Float32Array, room: Room): void {
    const { roomLength, size, fft } = this;
    const hop = size - roomLength;
    const blocks = 2 * lanes;
    // What came before the first sample, and fills the last blocks, is silence.
    const input = new Float32Array(samples.length + roomLength + blocks * hop);
    input.set(samples, roomLength);
    for (let start = 0; start < samples.length; start += blocks * hop) {
      for (let lane = 0; lane < lanes; lane++) {
        const first = start + 2 * lane * hop;
        readBlock(input, first, fft.inputReal, lane, size);
        readBlock(input, first + hop, fft.inputImag, lane, size);
      }
      this.convolve(room);
      for (let lane = 0; lane < lanes; lane++) {
        const first = start + 2 * lane * hop;
        writeBlock(fft.imag, lane, roomLength, size, samples, first);
        writeBlock(fft.real, lane, roomLength, size, samples, first + hop);
      }
    }
  }

  /**
   * Convolves what is in the transform's inputs, cyclically. What was the real part comes out as the
   * imaginary one and the other way round, times the transform's size.
   */
  private convolve(room: Room): void {
    const { fft, size } = this;
    fft.transform();
    // Exchanged, they make the next transform the inverse one.
    for (let k = 0, position = 0; k < size; k++) {
      const roomReal = room.real[k]!;
      const roomImag = room.imag[k]!;
      for (let lane = 0; lane < lanes; lane++, position++) {
        const x = fft.real[position]!;
        const y = fft.imag[position]!;
        fft.inputImag[position] = x * roomReal - y * roomImag;
        fft.inputReal[position] = x * roomImag + y * roomReal;
      }
    }
    fft.transform();
  }
}

/** Puts `size` samples into one lane. */
function readBlock(
  samples: Float32Array,
  from: number,
  target: Float64Array,
  lane: number,
  size: number,
): void {
  for (let index = 0; index < size; index++) target[lanes * index + lane] = samples[from + index]!;
}

/** Takes elements `from` to `size` of one lane, over the transform's size, as far as there is room. */
function writeBlock(
  source: Float64Array,
  lane: number,
  from: number,
  size: number,
  samples: Float32Array,
  to: number,
): void {
  const count = Math.min(size - from, samples.length - to);
  for (let index = 0; index < count; index++) {
    samples[to + index] = source[lanes * (from + index) + lane]! / size;
  }
}
