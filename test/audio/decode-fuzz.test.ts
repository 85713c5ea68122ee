import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { splitFrames } from '../../src/audio/flac-frames.ts';
import { SoriError } from '../../src/errors.ts';
import { Random } from '../../src/math/random.ts';
import { repairFlacChecksums, repairOggChecksums } from './build.ts';
import { fixtures, readFixture } from './fixtures.ts';

const limits = { maxSeconds: 2 };
const files = fixtures.map(({ file }) => ({ file, bytes: readFixture(file) }));

/** Overwrites a few bytes, half of the time among the headers. */
function overwrite(bytes: Buffer, random: Random, from = 0): Buffer {
  const mutated = Buffer.from(bytes);
  const span = random.chance(0.5) ? Math.min(300, bytes.length - from) : bytes.length - from;
  for (let count = 1 + random.integer(8); count > 0; count--) {
    mutated[from + random.integer(span)] = random.integer(256);
  }
  return mutated;
}

function cut(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, random.integer(bytes.length));
}

function remove(bytes: Buffer, random: Random): Buffer {
  const start = random.integer(bytes.length);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + 1 + random.integer(64))]);
}

function insert(bytes: Buffer, random: Random): Buffer {
  const at = random.integer(bytes.length);
  const noise = Buffer.from(
    Array.from({ length: 1 + random.integer(64) }, () => random.integer(256)),
  );
  return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
}

/** What decoding the bytes comes to: a sound waveform or a `SoriError`; anything else fails the test. */
async function outcome(bytes: Uint8Array, what: string): Promise<'decoded' | 'rejected'> {
  try {
    const { samples, sampleRateHz } = await decodeAudio(bytes, limits);
    expect(samples.length, what).toBeGreaterThan(0);
    expect(samples.length, what).toBeLessThanOrEqual(limits.maxSeconds * sampleRateHz);
    expect(samples.every(Number.isFinite), what).toBe(true);
    return 'decoded';
  } catch (error) {
    if (!(error instanceof SoriError)) throw new Error(`${what}: ${error}`, { cause: error });
    expect(error.code, what).toMatch(/^(undecodable_audio|audio_too_long)$/);
    return 'rejected';
  }
}

describe('decodeAudio on mutated files', () => {
  // The decoders report each damaged packet there as well.
  beforeAll(() => void vi.spyOn(console, 'error').mockImplementation(() => {}));
  afterAll(() => void vi.restoreAllMocks());

  it('throws nothing but SoriError on 2000 of them', async () => {
    const random = new Random(20);
    const counts = { decoded: 0, rejected: 0 };
    for (let round = 0; round < 2000; round++) {
      const { file, bytes } = random.pick(files);
      const mutate = random.pick([overwrite, overwrite, cut, remove, insert]);
      counts[await outcome(mutate(bytes, random), `${file}, round ${round}`)]++;
    }
    // Both must happen, or the mutations would be no test.
    expect(counts.decoded).toBeGreaterThan(100);
    expect(counts.rejected).toBeGreaterThan(1000);
  });

  it('nor on 600 Ogg files whose checksums were made to match', async () => {
    const random = new Random(21);
    const ogg = files.filter(({ file }) => /\.(ogg|opus)$/.test(file));
    const counts = { decoded: 0, rejected: 0 };
    for (let round = 0; round < 600; round++) {
      const { file, bytes } = random.pick(ogg);
      const mutated = overwrite(bytes, random);
      repairOggChecksums(mutated);
      counts[await outcome(mutated, `${file}, round ${round}`)]++;
    }
    expect(counts.decoded).toBeGreaterThan(30);
    expect(counts.rejected).toBeGreaterThan(100);
  });

  it('nor on 200 FLAC files whose checksums were made to match', async () => {
    const random = new Random(22);
    const flac = files.filter(({ file }) => file.endsWith('.flac'));
    const counts = { decoded: 0, rejected: 0 };
    for (let round = 0; round < 200; round++) {
      const { file, bytes } = random.pick(flac);
      const start = firstFrame(bytes);
      const ends = Array.from(splitFrames(bytes, start), (frame) => frame.end);
      const mutated = overwrite(bytes, random, start + 12);
      repairFlacChecksums(mutated, start, ends);
      counts[await outcome(mutated, `${file}, round ${round}`)]++;
    }
    expect(counts.decoded).toBeGreaterThan(20);
    expect(counts.rejected).toBeGreaterThan(20);
  });
});

/** Where the metadata blocks of a FLAC file end. */
function firstFrame(bytes: Buffer): number {
  for (let offset = 4; ; ) {
    const last = bytes[offset]! >= 128;
    offset += 4 + bytes.readUIntBE(offset + 1, 3);
    if (last) return offset;
  }
}
