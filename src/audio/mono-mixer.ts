import { checkLength } from './rejection.ts';

/**
 * Gathers what a block decoder yields, block after block, as one mono signal: the mean of the channels.
 * It holds no more than the allowed seconds, however much a decoder goes on to yield.
 */
export class MonoMixer {
  readonly sampleRateHz: number;
  private readonly maxSeconds: number;
  private samples: Float32Array;
  private filled = 0;
  private toSkip: number;

  /** `skip` drops that many samples at the start (an encoder's delay). */
  constructor(options: {
    sampleRateHz: number;
    maxSeconds: number;
    expectedSamples: number;
    skip?: number;
  }) {
    this.sampleRateHz = options.sampleRateHz;
    this.maxSeconds = options.maxSeconds;
    this.toSkip = options.skip ?? 0;
    this.samples = new Float32Array(Math.max(0, options.expectedSamples));
  }

  get length(): number {
    return this.filled;
  }

  /**
   * Appends a block: `channels[c][i]`, all of one length, each value times `gain`.
   * Throws `audio_too_long` when that makes more than the allowed seconds and `slack` samples.
   */
  append(channels: readonly Float32Array[], gain = 1, slack = 0): void {
    const first = channels[0];
    if (first === undefined) return;
    const from = Math.min(this.toSkip, first.length);
    this.toSkip -= from;
    const count = first.length - from;
    checkLength(this.filled + count - slack, this.sampleRateHz, this.maxSeconds);
    this.reserve(this.filled + count);
    const mixed = this.samples.subarray(this.filled, this.filled + count);
    if (channels.length === 1) mixed.set(first.subarray(from));
    else mix(channels, from, mixed);
    if (gain !== 1) for (let i = 0; i < count; i++) mixed[i]! *= gain;
    this.filled += count;
  }

  /** The first `count` samples gathered (all of them by default), in a buffer of their own size. */
  finish(count = this.filled): Float32Array {
    const end = Math.min(count, this.filled);
    return end === this.samples.length ? this.samples : this.samples.slice(0, end);
  }

  private reserve(count: number): void {
    if (count <= this.samples.length) return;
    const grown = new Float32Array(Math.max(count, Math.ceil(this.samples.length * 1.5)));
    grown.set(this.samples.subarray(0, this.filled));
    this.samples = grown;
  }
}

function mix(channels: readonly Float32Array[], from: number, mixed: Float32Array): void {
  for (let i = 0; i < mixed.length; i++) {
    let sum = 0;
    for (let c = 0; c < channels.length; c++) sum += channels[c]![from + i]!;
    mixed[i] = sum / channels.length;
  }
}
