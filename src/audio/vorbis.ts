import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { hasTag } from './byte-tags.ts';
import { MonoMixer } from './mono-mixer.ts';
import type { OggPacket } from './ogg.ts';
import { checkSampleRate, undecodable } from './rejection.ts';
import type { Waveform } from './waveform.ts';

const maxChannels = 32;
/** What is handed to the decoder at once: bounds the memory that its output takes. */
const batchSamples = 1 << 18;

type VorbisHead = {
  readonly channels: number;
  readonly sampleRateHz: number;
  readonly longBlock: number;
};

/**
 * Decodes an Ogg Vorbis stream, its first packet and those after it (Vorbis I specification §4); the last
 * granule position trims the end. The packets go to the decoder as the pages of its documented
 * `decodeOggPages`, not through its own parser, which searches a damaged setup header without end.
 *
 * Throws `undecodable_audio`, `audio_too_long`.
 */
export async function decodeVorbis(
  identification: OggPacket,
  packets: Iterator<OggPacket>,
  limits: { maxSeconds: number },
): Promise<Waveform> {
  const { channels, sampleRateHz, longBlock } = readHead(identification.data);
  const comment = packets.next();
  const setup = packets.next();
  const hasComment = !comment.done && hasTag(comment.value.data, 0, '\x03vorbis');
  if (!hasComment || setup.done || !hasTag(setup.value.data, 0, '\x05vorbis')) {
    throw undecodable('Vorbis comment and setup headers after the first', 'another packet');
  }
  // The decoder's output is whole blocks; the end of the stream falls within the last of them.
  const slack = 2 * longBlock;
  const batch = Math.max(1, Math.floor(batchSamples / (channels * longBlock)));
  const mixer = new MonoMixer({ sampleRateHz, maxSeconds: limits.maxSeconds, expectedSamples: 0 });
  let end: number | undefined;
  const decoder = new OggVorbisDecoder();
  await decoder.ready;
  try {
    await decoder.decodeOggPages([page(identification.data)]);
    for (;;) {
      const pages: Pages = [];
      for (let next: IteratorResult<OggPacket>; pages.length < batch; ) {
        next = packets.next();
        if (next.done) break;
        const { data, granule } = next.value;
        if (data.length === 0)
          throw undecodable('Vorbis packets of at least a byte', 'an empty one');
        if (granule !== undefined && granule >= 0n) end = Number(granule);
        pages.push(page(data, setup.value.data));
      }
      if (pages.length === 0) break;
      const decoded = await decoder.decodeOggPages(pages);
      const error = decoded.errors[0];
      if (error !== undefined) throw undecodable('Vorbis packets', error.message);
      mixer.append(decoded.channelData, 1, slack);
    }
  } finally {
    decoder.free();
  }
  if (end !== undefined && end < mixer.length - slack) {
    throw undecodable(
      `a Vorbis stream of ${end} samples, as its last granule position says`,
      `${mixer.length}`,
    );
  }
  return { sampleRateHz, samples: mixer.finish(end) };
}

type Pages = Parameters<OggVorbisDecoder['decodeOggPages']>[0];

/** A packet in the shape that the decoder reads of codec-parser's pages. */
function page(data: Uint8Array, setup?: Uint8Array): Pages[number] {
  const codecFrames = setup === undefined ? [] : [{ data, header: { vorbisSetup: setup } }];
  return { data, codecFrames, isLastPage: false } as unknown as Pages[number];
}

/** Vorbis I specification §4.2.2. */
function readHead(packet: Uint8Array): VorbisHead {
  if (packet.length < 30 || (packet[29]! & 1) === 0) {
    throw undecodable('a Vorbis identification header of 30 bytes', `${packet.length} bytes`);
  }
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const version = view.getUint32(7, true);
  const channels = packet[11]!;
  const sampleRateHz = view.getUint32(12, true);
  const shortPower = packet[28]! & 0x0f;
  const longPower = packet[28]! >> 4;
  if (version !== 0) throw undecodable('Vorbis version 0', `${version}`);
  if (channels === 0 || channels > maxChannels) {
    throw undecodable(`1 to ${maxChannels} Vorbis channels`, `${channels}`);
  }
  if (shortPower < 6 || longPower < shortPower || longPower > 13) {
    throw undecodable('Vorbis block sizes of 64 to 8192', `2^${shortPower} and 2^${longPower}`);
  }
  checkSampleRate(sampleRateHz);
  return { channels, sampleRateHz, longBlock: 2 ** longPower };
}
