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
    for (let index = 0; index < this.size; index++) {
      fft.inputReal[index] = answer[index] ?? 0;
      fft.inputImag[index] = 0;
    }
    fft.transform();
    return { real: Float32Array.from(fft.real), imag: Float32Array.from(fft.imag) };
  }

  /** The samples as heard in the room, in place: as many as there were, the last echoes cut. */
  apply(samples: Float32Array, room: Room): void {
    const hop = this.size - this.roomLength;
    // What came before the first sample, and fills the last pair of blocks, is silence.
    const input = new Float32Array(samples.length + this.roomLength + 2 * hop);
    input.set(samples, this.roomLength);
    for (let start = 0; start < samples.length; start += 2 * hop) {
      this.convolvePair(input, start, start + hop, room);
      const { real, imag } = this.fft;
      const firstEnd = Math.min(hop, samples.length - start);
      for (let index = 0; index < firstEnd; index++) {
        samples[start + index] = imag[this.roomLength + index]! / this.size;
      }
      const secondEnd = Math.min(hop, samples.length - start - hop);
      for (let index = 0; index < secondEnd; index++) {
        samples[start + hop + index] = real[this.roomLength + index]! / this.size;
      }
    }
  }

  /**
   * Convolves the blocks that begin at `first` and `second`: leaves the one in `fft.imag`, the other in
   * `fft.real`, both times the transform's size, and right from `roomLength` on.
   */
  private convolvePair(input: Float32Array, first: number, second: number, room: Room): void {
    const { fft } = this;
    for (let index = 0; index < this.size; index++) {
      fft.inputReal[index] = input[first + index]!;
      fft.inputImag[index] = input[second + index]!;
    }
    fft.transform();
    // Real and imaginary part change places, so that the next transform is the inverse one.
    for (let k = 0; k < this.size; k++) {
      const x = fft.real[k]!;
      const y = fft.imag[k]!;
      fft.inputImag[k] = x * room.real[k]! - y * room.imag[k]!;
      fft.inputReal[k] = x * room.imag[k]! + y * room.real[k]!;
    }
    fft.transform();
  }
}
