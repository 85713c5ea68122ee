/** What was recorded, dropped or chosen. */
export type Recording = {
  readonly file: File;
  /** What the browser made of the file; undefined where it cannot, though the service may. */
  readonly decoded: DecodedAudio | undefined;
};

export type DecodedAudio = {
  /** mono, full scale ±1 */
  readonly samples: Float32Array;
  readonly sampleRateHz: number;
};

/** Formats differ in their rates; pictures of speech need no more than this. */
const decodingRateHz = 16_000;

/** Has the browser decode a file, resampled and mixed to one channel. */
export async function openRecording(file: File): Promise<Recording> {
  const context = new OfflineAudioContext(1, 1, decodingRateHz);
  let buffer: AudioBuffer;
  try {
    buffer = await context.decodeAudioData(await file.arrayBuffer());
  } catch {
    return { file, decoded: undefined };
  }
  const samples = buffer.getChannelData(0).slice();
  for (let channel = 1; channel < buffer.numberOfChannels; channel++) {
    const other = buffer.getChannelData(channel);
    for (let n = 0; n < samples.length; n++) samples[n]! += other[n]!;
  }
  for (let n = 0; n < samples.length; n++) samples[n]! /= buffer.numberOfChannels;
  return { file, decoded: { samples, sampleRateHz: buffer.sampleRate } };
}
