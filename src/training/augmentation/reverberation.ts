import { Fft } from '../../math/fft.ts';
import type { Random } from '../../math/random.ts';
import { amplitudeOfDb } from './level.ts';

/** A room's answer to an impulse, as the spectrum that `Reverberator` multiplies with. */
export type Room = { readonly real: Float32Array; readonly imag: Float32Array };

/**
 * Convolves with rooms of at most `maxSeconds` by overlap-save, two blocks a transform: one as the real
 * part, one as the imaginary part.
 */
export class Reverberator {
  private readonly sampleRateHz: number;
  private readonly fft: Fft;
  private readonly roomLength: number;
  private readonly real: Float64Array;
  private readonly imag: Float64Array;

  constructor(sampleRateHz: number, maxSeconds: number) {
    this.sampleRateHz = sampleRateHz;
    this.roomLength = 2 ** Math.max(4, Math.round(Math.log2(maxSeconds * sampleRateHz)));
    this.fft = new Fft(2 * this.roomLength);
    this.real = new Float64Array(this.fft.size);
    this.imag = new Float64Array(this.fft.size);
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
    for (let index = 0; index < fft.size; index++) {
      fft.real[fft.inputIndex[index]!] = answer[index] ?? 0;
      fft.imag[fft.inputIndex[index]!] = 0;
    }
    fft.transform();
    return { real: Float32Array.from(fft.real), imag: Float32Array.from(fft.imag) };
  }

  /** The samples as heard in the room, in place: as many as there were, the last echoes cut. */
  apply(samples: Float32Array, room: Room): void {
    const input = Float32Array.from(samples);
    const hop = this.fft.size - this.roomLength;
    for (let start = 0; start < samples.length; start += 2 * hop) {
      this.convolvePair(input, start, start + hop, room);
      const { real, imag, size } = this.fft;
      for (let index = 0; index < hop; index++) {
        // Transformed with real and imaginary part exchanged, which inverts the transform.
        if (start + index < samples.length) {
          samples[start + index] = imag[this.roomLength + index]! / size;
        }
        if (start + hop + index < samples.length) {
          samples[start + hop + index] = real[this.roomLength + index]! / size;
        }
      }
    }
  }

  /** Leaves the convolution of the block at `first` in `fft.imag`, of that at `second` in `fft.real`. */
  private convolvePair(input: Float32Array, first: number, second: number, room: Room): void {
    const { fft, real, imag, roomLength } = this;
    for (let index = 0; index < fft.size; index++) {
      const position = fft.inputIndex[index]!;
      fft.real[position] = input[first - roomLength + index] ?? 0;
      fft.imag[position] = input[second - roomLength + index] ?? 0;
    }
    fft.transform();
    for (let k = 0; k < fft.size; k++) {
      const x = fft.real[k]!;
      const y = fft.imag[k]!;
      real[k] = x * room.real[k]! - y * room.imag[k]!;
      imag[k] = x * room.imag[k]! + y * room.real[k]!;
    }
    for (let k = 0; k < fft.size; k++) {
      const position = fft.inputIndex[k]!;
      fft.real[position] = imag[k]!;
      fft.imag[position] = real[k]!;
    }
    fft.transform();
  }
}
