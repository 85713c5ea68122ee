import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { resample } from '../../src/audio/resample.ts';
import { encodeWav } from '../../src/audio/wav.ts';
import { Random } from '../../src/math/random.ts';
import {
  ascii,
  buildChunk,
  buildOgg,
  buildSilentFlac,
  buildWav,
  concat,
  opusHead,
  opusTags,
  repairOggChecksums,
} from './build.ts';
import { fixtures, readFixture } from './fixtures.ts';

const limits = { maxSeconds: 10 };
const reference = await decodeAudio(readFixture('reference.wav'), limits);
const referenceSeconds = reference.samples.length / reference.sampleRateHz;

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < Math.min(a.length, b.length); i++) sum += a[i]! * b[i]!;
  return sum;
}

describe('decodeAudio', () => {
  it.each(fixtures)('decodes $file to the same speech', async (fixture) => {
    const { samples, sampleRateHz } = await decodeAudio(readFixture(fixture.file), limits);
    expect(sampleRateHz).toBe(fixture.sampleRateHz);
    // Encoders name the length to the sample; one sample is a rounding of rates.
    expect(Math.abs(samples.length - referenceSeconds * sampleRateHz)).toBeLessThanOrEqual(1);
    const expected = resample(reference.samples, reference.sampleRateHz, sampleRateHz);
    const energy = product(expected, expected);
    const correlation = product(samples, expected) / Math.sqrt(energy * product(samples, samples));
    expect(correlation).toBeGreaterThan(fixture.correlation);
    const lossy = fixture.correlation < 0.99;
    const gain = product(samples, expected) / energy / fixture.gain;
    expect(Math.abs(gain - 1)).toBeLessThan(lossy ? 0.08 : 0.002);
  });

  it('gives the same bits for WAV and FLAC of the same samples', async () => {
    const flac = await decodeAudio(readFixture('mono-16bit.flac'), limits);
    expect(flac.samples).toEqual(reference.samples);
    const { samples } = await decodeAudio(readFixture('mono-24bit.flac'), limits);
    expect(samples.every((value) => Number.isInteger(value * 2 ** 23))).toBe(true);
    expect(samples.some((value) => !Number.isInteger(value * 2 ** 15))).toBe(true);
  });

  it('gives the same bits whatever was decoded before or meanwhile', async () => {
    const alone = new Map<string, Float32Array>();
    for (const { file } of fixtures) {
      alone.set(file, (await decodeAudio(readFixture(file), limits)).samples);
    }
    const order = new Random(3).shuffle([...fixtures, ...fixtures]);
    const together = await Promise.all(
      order.map(async ({ file }) => (await decodeAudio(readFixture(file), limits)).samples),
    );
    for (const [i, { file }] of order.entries()) expect(together[i]).toEqual(alone.get(file));
  });

  it('reads bytes that stand at an odd offset of a larger buffer', async () => {
    for (const file of ['reference.wav', 'mono-16bit.flac', 'opus-mono.opus', 'mono.mp3']) {
      const bytes = readFixture(file);
      const shifted = new Uint8Array(bytes.length + 9);
      shifted.set(bytes, 3);
      const view = shifted.subarray(3, 3 + bytes.length);
      const { samples } = await decodeAudio(view, limits);
      expect(samples).toEqual((await decodeAudio(bytes, limits)).samples);
    }
  });

  it.each([8000, 11025, 22050, 44100, 47999, 48000])('accepts %i Hz', async (rateHz) => {
    const { sampleRateHz, samples } = await decodeAudio(buildWav({ rateHz }), limits);
    expect(sampleRateHz).toBe(rateHz);
    expect(samples).toHaveLength(800);
  });

  it('takes the mean of the channels', async () => {
    const data = new Uint8Array(new Int16Array([3000, 6000, 0, -300, -600, 900]).buffer);
    const { samples } = await decodeAudio(buildWav({ channels: 3, data }), limits);
    expect([...samples]).toEqual([3000 / 32768, 0]);
  });

  it.each<[string, Parameters<typeof buildWav>[0]]>([
    [
      'two chunks',
      { after: concat(buildChunk('LIST', ascii('abcd')), buildChunk('id3 ', ascii('ab'))) },
    ],
    ['an odd chunk and its pad byte', { after: concat(buildChunk('LIST', ascii('abc')), [0]) }],
    ['an odd chunk that lacks its pad byte', { after: buildChunk('LIST', ascii('abc')) }],
    ['an ID3v1 tag', { after: concat(ascii('TAG'), new Uint8Array(125)) }],
    ['the pad byte of odd data', { bits: 8, data: new Uint8Array(801), after: Uint8Array.of(0) }],
    [
      'a chunk behind odd data and their pad byte',
      { bits: 8, data: new Uint8Array(801), after: concat([0], buildChunk('LIST', ascii('ab'))) },
    ],
    [
      'a chunk behind odd data that lack their pad byte',
      { bits: 8, data: new Uint8Array(801), after: buildChunk('LIST', ascii('ab')) },
    ],
  ])('takes no sample from what stands behind the data of a WAV: %s', async (_, parts) => {
    const { samples } = await decodeAudio(buildWav(parts), limits);
    expect(samples).toHaveLength(parts?.data?.length ?? 800);
  });

  it('takes any number of channels in a WAV', async () => {
    const { samples } = await decodeAudio(
      buildWav({ channels: 800, data: new Uint8Array(1600) }),
      limits,
    );
    expect(samples).toHaveLength(1);
  });

  it('skips chunks before and behind the data, an odd one with its padding', async () => {
    const { samples } = await decodeAudio(
      buildWav({
        before: concat(buildChunk('LIST', ascii('abc')), [0]),
        after: buildChunk('id3 ', new Uint8Array(20)),
      }),
      limits,
    );
    expect(samples).toHaveLength(800);
  });

  it.each([
    ['0 in form and data', 0, 0],
    ['0xffffffff in form and data', 0xffffffff, 0xffffffff],
    ['0xffffffff in the form, 0 in the data', 0xffffffff, 0],
    ["sox's 0x7ffff000 in the data", 0x7ffff024, 0x7ffff000],
  ])('accepts a streamed WAV that has %s', async (_, formBytes, dataBytes) => {
    const { samples } = await decodeAudio(buildWav({ formBytes, dataBytes }), limits);
    expect(samples).toHaveLength(800);
  });

  it('drops the pre-skip of Opus and applies its output gain', async () => {
    const silence = [Uint8Array.of(0xf8, 0xff, 0xfe), Uint8Array.of(0xf8, 0xff, 0xfe)];
    const pages = [[opusHead({ preSkip: 480 })], [opusTags], silence];
    const { samples, sampleRateHz } = await decodeAudio(buildOgg(pages, [0, 0, 1440]), limits);
    expect(samples.length / sampleRateHz).toBeCloseTo(960 / 48000, 10);

    const quieter = Buffer.from(readFixture('opus-mono.opus'));
    quieter.writeInt16LE(-6 * 256, 28 + 16);
    repairOggChecksums(quieter);
    const quiet = await decodeAudio(quieter, limits);
    const plain = await decodeAudio(readFixture('opus-mono.opus'), limits);
    const ratio = Math.sqrt(
      product(quiet.samples, quiet.samples) / product(plain.samples, plain.samples),
    );
    expect(20 * Math.log10(ratio)).toBeCloseTo(-6, 2);
  });

  it('decodes digital silence', async () => {
    const { samples } = await decodeAudio(buildSilentFlac(2, 131070), limits);
    expect(samples).toHaveLength(131070);
    expect(samples.every((value) => value === 0)).toBe(true);
  });

  it('frees every decoder', async () => {
    const collect = garbageCollector();
    const files = ['mono-16bit.flac', 'mono.mp3', 'vorbis-mono.ogg', 'opus-mono.opus'];
    const bytes = files.map(readFixture);
    for (const file of bytes) await decodeAudio(file, limits);
    collect();
    const before = process.memoryUsage().external;
    for (let round = 0; round < 30; round++) {
      for (const file of bytes) await decodeAudio(file, limits);
      for (const file of bytes) await decodeAudio(file.subarray(0, -40), limits).catch(() => {});
    }
    // One leaked instance a round would be 30 times 16 MB or more, and stay however often is collected.
    const grown = async () => {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
      return process.memoryUsage().external - before;
    };
    await expect.poll(grown, { timeout: 20_000 }).toBeLessThan(100e6);
  });
});

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

describe('encodeWav', () => {
  it('is decoded to the samples, rounded to 16 bits', async () => {
    const random = new Random(1);
    const samples = Float32Array.from({ length: 1000 }, () => random.uniform(-1, 1));
    const decoded = await decodeAudio(encodeWav({ sampleRateHz: 22050, samples }), limits);
    expect(decoded.sampleRateHz).toBe(22050);
    for (let i = 0; i < samples.length; i++) {
      expect(Math.abs(decoded.samples[i]! - samples[i]!)).toBeLessThanOrEqual(0.5 / 32768);
    }
  });

  it('clips what is beyond full scale', async () => {
    const samples = Float32Array.of(2, -2, 1, -1);
    const decoded = await decodeAudio(encodeWav({ sampleRateHz: 8000, samples }), limits);
    expect([...decoded.samples]).toEqual([32767 / 32768, -1, 32767 / 32768, -1]);
  });

  it('writes what another encoder writes, byte for byte', async () => {
    expect(Buffer.from(encodeWav(reference))).toEqual(readFixture('reference.wav'));
  });
});
