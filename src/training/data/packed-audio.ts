/** Many clips at one sample rate, one behind the other in memory that threads share. */
export type PackedAudio = {
  readonly sampleRateHz: number;
  /** All clips' samples, 16 bits, on a SharedArrayBuffer. */
  readonly samples: Int16Array<SharedArrayBuffer>;
  /** clips + 1 numbers: clip i is `samples[offsets[i]]` up to `samples[offsets[i + 1]]`. */
  readonly offsets: Float64Array;
};

/** Samples of ±1 as 16-bit numbers; what lies beyond is clipped. */
export function toInt16(samples: Float32Array): Int16Array {
  const result = new Int16Array(samples.length);
  for (let index = 0; index < samples.length; index++) {
    const scaled = Math.round(samples[index]! * 32768);
    result[index] = Math.min(32767, Math.max(-32768, scaled));
  }
  return result;
}

/** Puts clips into shared memory. */
export function packAudio(sampleRateHz: number, clips: readonly Int16Array[]): PackedAudio {
  const offsets = new Float64Array(clips.length + 1);
  for (const [index, clip] of clips.entries()) offsets[index + 1] = offsets[index]! + clip.length;
  const samples = new Int16Array(
    new SharedArrayBuffer(offsets[clips.length]! * Int16Array.BYTES_PER_ELEMENT),
  );
  for (const [index, clip] of clips.entries()) samples.set(clip, offsets[index]!);
  return { sampleRateHz, samples, offsets };
}
