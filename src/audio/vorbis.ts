import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { hasTag } from './byte-tags.ts';
import { MonoMixer } from './mono-mixer.ts';
import type { OggPacket } from './ogg.ts';
import { checkLength, checkSampleRate, undecodable } from './rejection.ts';
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
 * Decodes the packets of an Ogg Vorbis stream (Vorbis I specification §4); the last granule position
 * trims the end. The packets go to the decoder as the pages of its documented `decodeOggPages`, not
 * through its own parser, which searches a damaged setup header without end.
 *
 * Throws `undecodable_audio`, `audio_too_long`.
 */
export async function decodeVorbis(
  packets: readonly OggPacket[],
  limits: { maxSeconds: number },
): Promise<Waveform> {
  const identification = packets[0]!.data;
  const head = readHead(identification);
  const { sampleRateHz } = head;
  const setup = packets[2]?.data;
  if (setup === undefined || setup[0] !== 5 || !hasTag(setup, 1, 'vorbis')) {
    throw undecodable('a Vorbis setup header in the third packet', 'none');
  }
  const audio = packets.slice(3);
  const end = lastGranule(audio);
  // A block's decoder output lags by up to half a long block, and the end is trimmed by as much.
  const slack = 2 * head.longBlock;
  if (end !== undefined) checkLength(end, sampleRateHz, limits.maxSeconds);

  const mixer = new MonoMixer({ sampleRateHz, maxSeconds: limits.maxSeconds, expectedSamples: 0 });
  const batch = Math.max(1, Math.floor(batchSamples / (head.channels * head.longBlock)));
  const decoder = new OggVorbisDecoder();
  await decoder.ready;
  try {
    await decoder.decodeOggPages([page(identification)]);
    for (let first = 0; first < audio.length; first += batch) {
      const pages = audio.slice(first, first + batch).map(({ data }) => page(data, setup));
      const decoded = await decoder.decodeOggPages(pages);
      const error = decoded.errors[0];
      if (error !== undefined) throw undecodable('Vorbis packets', error.message);
      if (decoded.channelData.length !== head.channels) {
        throw undecodable(`${head.channels} channels`, `${decoded.channelData.length} decoded`);
      }
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

function lastGranule(audio: readonly OggPacket[]): number | undefined {
  const granule = audio.findLast((packet) => packet.granule !== undefined)?.granule;
  return granule === undefined || granule < 0n ? undefined : Number(granule);
}
