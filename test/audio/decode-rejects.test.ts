import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import type { ErrorCode } from '../../src/errors.ts';
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

async function expectRejection(
  bytes: Uint8Array,
  message: RegExp,
  code: ErrorCode = 'undecodable_audio',
  maxSeconds = limits.maxSeconds,
): Promise<void> {
  await expect(decodeAudio(bytes, { maxSeconds })).rejects.toMatchObject({
    name: 'SoriError',
    code,
    param: 'file',
    message: expect.stringMatching(message),
  });
}

describe('decodeAudio rejects', () => {
  it.each([
    ['an empty body', new Uint8Array(0), /expected a recording, got no bytes/],
    ['one byte', Uint8Array.of(82), /expected WAV, FLAC, MP3, Ogg Vorbis or Ogg Opus/],
    ['text', ascii('{"file": "recording.wav"}'.repeat(20)), /bytes of none of them/],
    ['zeros', new Uint8Array(5000), /bytes of none of them/],
    ['MP4', concat([0, 0, 0, 24], ascii('ftypM4A '), new Uint8Array(100)), /got MP4/],
    ['WebM', concat([0x1a, 0x45, 0xdf, 0xa3], new Uint8Array(100)), /got Matroska or WebM/],
    ['AIFF', concat(ascii('FORM'), new Uint8Array(100)), /got AIFF/],
    [
      'AVI',
      concat(ascii('RIFF'), [0, 0, 0, 0], ascii('AVI '), new Uint8Array(100)),
      /none of them/,
    ],
    ['AAC, whose frames begin like those of MP3', aacFrames(), /none of them/],
    [
      'an ID3 tag alone',
      concat(ascii('ID3'), [4, 0, 0, 0, 0, 0, 5], new Uint8Array(5)),
      /MP3 frame/,
    ],
    ['an ID3 tag longer than the file', concat(ascii('ID3'), [4, 0, 0, 127, 127, 127, 127]), /MP3/],
  ])('%s', (_, bytes, message) => expectRejection(bytes, message));

  it.each(fixtures.filter(({ file }) => !file.startsWith('pipe')))(
    '$file cut anywhere',
    async ({ file }) => {
      const bytes = readFixture(file);
      for (const part of [0.01, 0.1, 0.3, 0.5, 0.8, 0.95]) {
        const cut = bytes.subarray(0, Math.floor(bytes.length * part) | 1);
        await expectRejection(cut, /expected .*, got /);
      }
      // An MP3 that ends in a tag has no sound in its last byte.
      if (!file.includes('tagged')) await expectRejection(bytes.subarray(0, -1), /expected/);
    },
  );

  describe('a WAV', () => {
    it.each([
      ['that claims more data than is there', { dataBytes: 1602 }, /1602 bytes .*, got 1600/],
      ['that claims almost 2 GB', { dataBytes: 0x7ffeffff }, /as the header claims, got 1600/],
      ['with a form header and nothing else', { data: new Uint8Array(0) }, /at least one sample/],
      [
        'whose data are empty before another chunk',
        { data: new Uint8Array(0), after: buildChunk('LIST', ascii('abcd')) },
        /at least one sample/,
      ],
      ['with half a sample at the end', { data: new Uint8Array(1601) }, /whole 2-byte samples/],
      [
        'with half a sample at the end of a stream',
        { data: new Uint8Array(1601), dataBytes: 0xffffffff },
        /whole 2-byte/,
      ],
      ['of 0 channels', { channels: 0 }, /at least one channel/],
      [
        'whose block size contradicts its channels',
        { channels: 2, blockBytes: 2 },
        /4 bytes .* with 2/,
      ],
      ['of 0 bits', { bits: 0 }, /PCM .*, got format tag 0x1 with 0 bits/],
      ['of 64-bit integers', { bits: 64 }, /got format tag 0x1 with 64 bits/],
      ['of 16-bit floats', { tag: 3, bits: 16 }, /got format tag 0x3 with 16 bits/],
      ['of ADPCM', { tag: 2, bits: 4 }, /got format tag 0x2 with 4 bits/],
      ['of IMA ADPCM in blocks', { tag: 0x11, bits: 4, blockBytes: 256 }, /got format tag 0x11/],
      ['of GSM in blocks', { tag: 0x31, bits: 0, blockBytes: 65 }, /got format tag 0x31/],
      [
        'with another WAV behind it',
        { after: buildWav() },
        /behind the WAV data .* got 1644 other/,
      ],
      [
        'with a second data chunk',
        { after: buildChunk('data', new Uint8Array(100)) },
        /behind the WAV data .* at byte 1644/,
      ],
      ['with bytes behind it that are no chunk', { after: new Uint8Array(64) }, /got 64 other/],
      ['with three bytes behind it', { after: ascii('abc') }, /behind the WAV data .* got 3 other/],
      [
        'with a chunk behind it that is cut',
        { after: buildChunk('LIST', ascii('abcd')).subarray(0, 10) },
        /behind the WAV data .* got 10 other/,
      ],
      ['of MP3', { tag: 0x55, bits: 16 }, /got format tag 0x55/],
      ['at 0 Hz', { rateHz: 0 }, /8000 to 48000 Hz, got 0 Hz/],
      ['at 7999 Hz', { rateHz: 7999 }, /8000 to 48000 Hz, got 7999 Hz/],
      ['at 48001 Hz', { rateHz: 48001 }, /got 48001 Hz/],
      ['at 4294967295 Hz', { rateHz: 0xffffffff }, /got 4294967295 Hz/],
      [
        'with a chunk that ends behind the file',
        { before: concat(ascii('LIST'), [255, 255, 255, 127]) },
        /chunk of 2147483647 bytes/,
      ],
    ] as const)('%s', (_, parts, message) => expectRejection(buildWav(parts), message));

    it.each([Number.NaN, Number.POSITIVE_INFINITY, -1e9])(
      'with a float sample of %d',
      async (value) => {
        for (const [bits, data] of [
          [32, Float32Array.of(0, 0.5, value, 0)],
          [64, Float64Array.of(0, 0.5, value, 0)],
        ] as const) {
          const wav = buildWav({ tag: 3, bits, data: new Uint8Array(data.buffer) });
          await expectRejection(wav, /finite samples .* at sample 2/);
        }
      },
    );

    it('without "fmt ", without data, with "fmt " too short or of an unknown extension', async () => {
      const head = buildWav().subarray(0, 12);
      const short = concat(head, buildChunk('fmt ', new Uint8Array(14)));
      const extension = concat([0xfe, 0xff, 1, 0, 64, 31, 0, 0, 128, 62, 0, 0, 2, 0, 16, 0]);
      const guid = concat(extension, [22, 0, 16, 0, 0, 0, 0, 0], new Uint8Array(16).fill(9));
      await expectRejection(
        concat(head, buildChunk('data', new Uint8Array(8))),
        /"fmt " chunk before/,
      );
      await expectRejection(buildWav().subarray(0, 36), /a WAV "data" chunk/);
      await expectRejection(short, /at least 16 bytes, got 14/);
      await expectRejection(concat(head, buildChunk('fmt ', extension)), /40 bytes, got 16/);
      await expectRejection(concat(head, buildChunk('fmt ', guid)), /format tag 0x0/);
    });
  });

  describe('a FLAC', () => {
    it('that claims more samples, or fewer, than its frames hold', async () => {
      await expectRejection(buildSilentFlac(2, 131071), /131071 samples, .* got 131070/);
      await expectRejection(buildSilentFlac(2, 131069), /131069 samples, .* got 131070/);
    });

    it('that lost a frame in the middle', async () => {
      const [one, two, three] = [1, 2, 3].map((count) => buildSilentFlac(count, 0).length);
      const whole = buildSilentFlac(3, 0);
      const cut = concat(whole.subarray(0, one), whole.subarray(two, three));
      await expectRejection(cut, /the next FLAC frame .*another number/);
    });

    it('with one bit wrong anywhere in its frames', async () => {
      const bytes = readFixture('mono-16bit.flac');
      for (let i = bytes.length - 1; i > bytes.length - 8000; i -= 397) {
        const damaged = Buffer.from(bytes);
        damaged[i]! ^= 1 << (i % 8);
        await expectRejection(damaged, /FLAC frames? .*damaged|FLAC frame after/);
      }
    });

    it('whose header names another rate than its frames', async () => {
      const bytes = Buffer.from(readFixture('mono-16bit.flac'));
      bytes[8 + 10 + 1]! ^= 0x10;
      await expectRejection(bytes, /FLAC frames of 1 × 16 bits/);
    });
  });

  describe('an MP3', () => {
    it('whose Xing tag claims more frames than are there', async () => {
      const bytes = Buffer.from(readFixture('mono.mp3'));
      bytes.writeUInt32BE(1000, bytes.indexOf('Info') + 8);
      await expectRejection(bytes, /1000 MP3 frames, as the Xing tag claims/);
    });

    it('with other bytes between its frames', async () => {
      const bytes = readFixture('mono.mp3');
      await expectRejection(
        concat(bytes, ascii('and then some')),
        /an MP3 frame, got none at byte/,
      );
    });
  });

  describe('an Ogg file', () => {
    it('with a damaged page, a missing one, or two streams', async () => {
      const bytes = readFixture('opus-mono.opus');
      const damaged = Buffer.from(bytes);
      damaged[1500]! ^= 4;
      await expectRejection(damaged, /matches its checksum/);
      const packets = [[opusHead()], [opusTags], [Uint8Array.of(8, 1)], [Uint8Array.of(8, 1)]];
      const whole = buildOgg(packets, [0, 0, 960, 1920]);
      const third = buildOgg(packets.slice(0, 3), [0, 0, 960]).length;
      const second = buildOgg(packets.slice(0, 2), [0, 0]).length;
      const missing = concat(whole.subarray(0, second), whole.subarray(third));
      await expectRejection(missing, /Ogg page number 2, got 3/);
      await expectRejection(concat(bytes, bytes), /end with its Ogg stream/);
    });

    it('that has no end-of-stream page', async () => {
      const bytes = Buffer.from(readFixture('opus-mono.opus'));
      bytes[bytes.lastIndexOf('OggS') + 5]! &= 3;
      repairOggChecksums(bytes);
      await expectRejection(bytes, /end-of-stream page/);
    });

    it('of FLAC, of Speex, of no packet', async () => {
      const flac = buildOgg([[concat([0x7f], ascii('FLAC'), [1, 0])]], [0]);
      await expectRejection(flac, /Vorbis or Opus, got one of another codec/);
      await expectRejection(buildOgg([[ascii('Speex   1.2')]], [0]), /another codec/);
      await expectRejection(buildOgg([[]], [0]), /an Ogg packet, got none/);
    });

    it('of Opus with a wrong header, without sound, with an empty or overlong packet', async () => {
      const frame = Uint8Array.of(8, 1);
      const opus = (head: Uint8Array, ...packets: Uint8Array[]): Uint8Array =>
        buildOgg([[head], [opusTags], packets], [0, 0, 960]);
      await expectRejection(opus(opusHead({ channels: 0 }), frame), /Opus channels, got 0/);
      await expectRejection(opus(opusHead({ channels: 3 }), frame), /1 or 2 channels/);
      await expectRejection(
        opus(opusHead().subarray(0, 15), frame),
        /OpusHead of 19 bytes, got 15/,
      );
      await expectRejection(opus(opusHead({ preSkip: 2000 }), frame), /at least one sample/);
      await expectRejection(opus(opusHead()), /at least one sample/);
      await expectRejection(opus(opusHead(), new Uint8Array(0)), /at least one byte/);
      await expectRejection(opus(opusHead(), Uint8Array.of(0x1b, 0x3f, 1)), /at most 120 ms/);
      await expectRejection(buildOgg([[opusHead()], [frame]], [0, 960]), /OpusTags/);
    });

    it('whose last position contradicts the packets before it', async () => {
      const frame = Uint8Array.of(8, 1);
      const pages = [[opusHead()], [opusTags], [frame, frame], [frame, frame]];
      await expectRejection(buildOgg(pages, [0, 0, 1920, 900]), /end within its last page/);
      const vorbis = Buffer.from(readFixture('vorbis-mono.ogg'));
      vorbis.writeBigInt64LE(5n, vorbis.lastIndexOf('OggS') + 6);
      repairOggChecksums(vorbis);
      await expectRejection(vorbis, /Vorbis stream of 5 samples/);
    });
  });

  describe('as too long', () => {
    it.each(fixtures)('$file over the limit, and takes it at the limit', async ({ file }) => {
      const bytes = readFixture(file);
      await expectRejection(bytes, /expected at most 0.52 s, got 0.5 s/, 'audio_too_long', 0.52);
      await expect(decodeAudio(bytes, { maxSeconds: 0.5236 })).resolves.toBeDefined();
    });

    it('a WAV by its header alone', async () => {
      const wav = buildWav({ data: new Uint8Array(2 * 80001) });
      await expectRejection(wav, /at most 10 s, got 10\.0 s/, 'audio_too_long');
    });

    it('hours of silence in a small FLAC or Opus file, in little memory', async () => {
      const flac = buildSilentFlac(20000, 0);
      const packets = Array.from({ length: 250 }, () => Uint8Array.of(0x1b, 2));
      const pages = Array.from({ length: 400 }, () => packets);
      const granules = pages.map((_, i) => (i + 1) * 250 * 5760);
      const opus = buildOgg([[opusHead()], [opusTags], ...pages], [0, 0, ...granules]);
      const vorbis = endlessVorbis(3000);
      const before = process.memoryUsage.rss();
      for (const bomb of [flac, opus, vorbis]) {
        expect(bomb.length).toBeLessThan(2e6);
        await expectRejection(bomb, /at most 60 s/, 'audio_too_long', 60);
      }
      expect(process.memoryUsage.rss() - before).toBeLessThan(300e6);
    });
  });
});

/** Two ADTS frames: a sync like MPEG audio's, with layer 0. */
function aacFrames(): Uint8Array {
  const frame = concat([0xff, 0xf1, 0x50, 0x80, 0x03, 0x1f, 0xfc], new Uint8Array(17));
  return concat(frame, frame);
}

/** The headers of a real Vorbis stream, and its largest packet again and again. */
function endlessVorbis(pageCount: number): Uint8Array {
  const packets = readVorbisPackets();
  const [identification, comment, setup] = packets as [Uint8Array, Uint8Array, Uint8Array];
  const sound = packets[6]!;
  const pages = Array.from({ length: pageCount }, () => [sound, sound]);
  return buildOgg(
    [[identification], [comment, setup], ...pages],
    [0, 0, ...pages.map(() => 2 ** 32)],
  );
}

function readVorbisPackets(): Uint8Array[] {
  const bytes = readFixture('vorbis-mono.ogg');
  const packets: Uint8Array[] = [];
  let part = new Uint8Array(0);
  for (let offset = 0; offset < bytes.length; ) {
    const lacings = bytes.subarray(offset + 27, offset + 27 + bytes[offset + 26]!);
    offset += 27 + lacings.length;
    for (const lacing of lacings) {
      part = concat(part, bytes.subarray(offset, offset + lacing)) as Uint8Array<ArrayBuffer>;
      offset += lacing;
      if (lacing === 255) continue;
      packets.push(part);
      part = new Uint8Array(0);
    }
  }
  return packets;
}
