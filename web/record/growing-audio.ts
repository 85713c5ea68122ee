import { resample } from '../../src/audio/resample.ts';

/**
 * A recording that grows. At a lower rate only its last seconds are computed anew each time: what is more than
 * a second old is out of reach of the resampling filter, and a whole second is a whole number of samples at
 * both rates.
 */
export class GrowingAudio {
  readonly sampleRateHz: number;
  private readonly lowerRateHz: number;
  private buffer: Float32Array;
  private samples = 0;
  /** Whole seconds at the lower rate that nothing to come can change. */
  private readonly finished: Float32Array[] = [];

  /** @param lowerRateHz used where the recording's own rate is higher */
  constructor(sampleRateHz: number, lowerRateHz: number) {
    this.sampleRateHz = sampleRateHz;
    this.lowerRateHz = Math.min(lowerRateHz, sampleRateHz);
    this.buffer = new Float32Array(8 * sampleRateHz);
  }

  get durationSeconds(): number {
    return this.samples / this.sampleRateHz;
  }

  add(block: Float32Array): void {
    if (this.samples + block.length > this.buffer.length) {
      const larger = new Float32Array(2 * this.buffer.length + block.length);
      larger.set(this.buffer);
      this.buffer = larger;
    }
    this.buffer.set(block, this.samples);
    this.samples += block.length;
  }

  /** All of it as it came. */
  whole() {
    return { samples: this.buffer.slice(0, this.samples), sampleRateHz: this.sampleRateHz };
  }

  /** All of it at the lower rate. */
  lowered() {
    const { finished, lowerRateHz } = this;
    const wholeSeconds = Math.floor(this.samples / this.sampleRateHz);
    while (finished.length < wholeSeconds - 1) {
      const second = finished.length;
      finished.push(this.loweredFrom(second, second + 1).subarray(0, lowerRateHz));
    }
    const rest = this.loweredFrom(finished.length, this.durationSeconds);
    const samples = new Float32Array(finished.length * lowerRateHz + rest.length);
    for (const [second, part] of finished.entries()) samples.set(part, second * lowerRateHz);
    samples.set(rest, finished.length * lowerRateHz);
    return { samples, sampleRateHz: lowerRateHz };
  }

  /** From a whole second on, at least to another time, as the seconds around make it. */
  private loweredFrom(second: number, toSeconds: number): Float32Array {
    const { sampleRateHz, lowerRateHz } = this;
    const before = Math.max(0, second - 1);
    const after = Math.min(this.samples, Math.ceil((toSeconds + 1) * sampleRateHz));
    const part = this.buffer.subarray(before * sampleRateHz, after);
    return resample(part, sampleRateHz, lowerRateHz).subarray((second - before) * lowerRateHz);
  }
}
