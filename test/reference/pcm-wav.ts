/** Reads a mono 16-bit PCM WAV file, independently of src/audio: finds its chunks, scales to ±1. */
export function readPcm16Wav(bytes: Uint8Array): { sampleRateHz: number; samples: Float32Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let sampleRateHz = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = new TextDecoder().decode(bytes.subarray(at, at + 4));
    const length = view.getUint32(at + 4, true);
    if (name === 'fmt ') sampleRateHz = view.getUint32(at + 12, true);
    if (name === 'data') {
      const samples = Float32Array.from(
        { length: length / 2 },
        (_, n) => view.getInt16(at + 8 + 2 * n, true) / 32768,
      );
      return { sampleRateHz, samples };
    }
    at += 8 + length + (length & 1);
  }
  throw new Error('expected a data chunk, got none');
}
