import type { Waveform } from './waveform.ts';

const headerBytes = 44;

/** A RIFF WAVE file of the samples as 16-bit PCM, mono; values beyond full scale are clipped. */
export function encodeWav(waveform: Waveform): Uint8Array {
  const { samples, sampleRateHz } = waveform;
  const bytes = new Uint8Array(headerBytes + samples.length * 2);
  const view = new DataView(bytes.buffer);
  const writeTag = (offset: number, tag: string): void => {
    for (let i = 0; i < tag.length; i++) bytes[offset + i] = tag.charCodeAt(i);
  };
  writeTag(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  writeTag(8, 'WAVE');
  writeTag(12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * 2, true); // bytes a second
  view.setUint16(32, 2, true); // bytes of all channels' sample
  view.setUint16(34, 16, true); // bits
  writeTag(36, 'data');
  view.setUint32(40, samples.length * 2, true);
  for (let i = 0; i < samples.length; i++) {
    const value = Math.round(samples[i]! * 32768);
    view.setInt16(headerBytes + i * 2, Math.max(-32768, Math.min(32767, value)), true);
  }
  return bytes;
}
