import { OpusDecoder } from 'opus-decoder';
import { hasTag } from './byte-tags.ts';
import { MonoMixer } from './mono-mixer.ts';
import type { OggPacket } from './ogg.ts';
import { checkLength, undecodable } from './rejection.ts';
import type { Waveform } from './waveform.ts';

/** The unit of Ogg Opus's positions, and the highest rate that Opus decodes at (RFC 7845 §4). */
const opusClockHz = 48000;
/** The rates that Opus decodes at (RFC 6716 §4.2.9 and §4.3: bands above are left out, not folded). */
const decodableRatesHz = [8000, 12000, 16000, 24000] as const;
const maxChannels = 32;
/** What is handed to the decoder at once: bounds the memory that its output takes. */
const batchSamples = 1 << 18;

type OpusHead = {
  readonly channels: number;
  readonly sampleRateHz: (typeof decodableRatesHz)[number] | typeof opusClockHz;
  /** In units of the 48 kHz clock. */
  readonly preSkip: number;
  readonly gain: number;
  readonly streams: number;
  readonly coupledStreams: number;
  readonly mapping: number[];
};

/**
 * Decodes an Ogg Opus stream (RFC 7845), its first packet and those after it: drops the pre-skip, applies
 * the output gain and ends where the last granule position says. The waveform has the lowest of Opus's
 * rates that keeps all of the rate that the header names as the recording's own (48 kHz where it names
 * none). The length follows from the packets' first bytes, so a stream that is too long is refused before
 * it is decoded.
 *
 * Throws `undecodable_audio`, `audio_too_long`.
 */
export async function decodeOpus(
  headPacket: OggPacket,
  packets: Iterator<OggPacket>,
  limits: { maxSeconds: number },
): Promise<Waveform> {
  const head = readHead(headPacket.data);
  const tags = packets.next();
  if (tags.done || !hasTag(tags.value.data, 0, 'OpusTags')) {
    throw undecodable('an OpusTags packet after OpusHead', 'none');
  }
  const { sampleRateHz, preSkip } = head;
  const audio: OggPacket[] = [];
  const durations: number[] = [];
  let held = 0;
  for (let next = packets.next(); !next.done; next = packets.next()) {
    const duration = packetTicks(next.value.data);
    audio.push(next.value);
    durations.push(duration);
    held += duration;
    // The last page ends at most 255 packets early.
    checkLength(held - preSkip - 255 * maxPacketTicks, opusClockHz, limits.maxSeconds);
  }
  const divisor = opusClockHz / sampleRateHz;
  const ticks = playedTicks(audio, durations, preSkip);
  checkLength(ticks, opusClockHz, limits.maxSeconds);
  const count = Math.ceil(ticks / divisor);

  const mixer = new MonoMixer({
    sampleRateHz,
    maxSeconds: limits.maxSeconds,
    expectedSamples: count,
    skip: Math.round(preSkip / divisor),
  });
  const decoder = new OpusDecoder({
    channels: head.channels,
    streamCount: head.streams,
    coupledStreamCount: head.coupledStreams,
    channelMappingTable: head.mapping,
    sampleRate: sampleRateHz,
  });
  await decoder.ready;
  try {
    for (let first = 0; first < audio.length && mixer.length < count; ) {
      let next = first;
      let samples = 0;
      do samples += durations[next++]! / divisor;
      while (next < audio.length && samples * head.channels < batchSamples);
      const decoded = decoder.decodeFrames(audio.slice(first, next).map((packet) => packet.data));
      const error = decoded.errors[0];
      if (error !== undefined || decoded.samplesDecoded !== samples) {
        throw undecodable('Opus packets', error?.message ?? 'packets of another length');
      }
      mixer.append(decoded.channelData, head.gain, preSkip + maxPacketTicks);
      first = next;
    }
  } finally {
    decoder.free();
  }
  return { sampleRateHz, samples: mixer.finish(count) };
}

/** RFC 7845 §5.1. */
function readHead(packet: Uint8Array): OpusHead {
  if (packet.length < 19) throw undecodable('an OpusHead of 19 bytes', `${packet.length}`);
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const version = packet[8]!;
  const channels = packet[9]!;
  const family = packet[18]!;
  if (version >> 4 !== 0) throw undecodable('Opus version 0.x', `${version}`);
  if (channels === 0 || channels > maxChannels) {
    throw undecodable(`1 to ${maxChannels} Opus channels`, `${channels}`);
  }
  const preSkip = view.getUint16(10, true);
  const inputRateHz = view.getUint32(12, true);
  const sampleRateHz =
    (inputRateHz === 0 ? undefined : decodableRatesHz.find((rate) => rate >= inputRateHz)) ??
    opusClockHz;
  const gain = 10 ** (view.getInt16(16, true) / 256 / 20);
  if (family === 0) {
    if (channels > 2) throw undecodable('1 or 2 channels in mapping family 0', `${channels}`);
    const mapping = channels === 2 ? [0, 1] : [0];
    return {
      channels,
      sampleRateHz,
      preSkip,
      gain,
      streams: 1,
      coupledStreams: channels - 1,
      mapping,
    };
  }
  if (packet.length < 21 + channels) {
    throw undecodable(`an OpusHead of ${21 + channels} bytes`, `${packet.length}`);
  }
  const streams = packet[19]!;
  const coupledStreams = packet[20]!;
  const mapping = [...packet.subarray(21, 21 + channels)];
  const decodedChannels = streams + coupledStreams;
  const mapped = mapping.every((index) => index === 255 || index < decodedChannels);
  if (streams === 0 || coupledStreams > streams || decodedChannels > 2 * maxChannels || !mapped) {
    throw undecodable(
      'an OpusHead whose channels map to its streams',
      `${channels} channels on ${streams} streams, ${coupledStreams} coupled`,
    );
  }
  return { channels, sampleRateHz, preSkip, gain, streams, coupledStreams, mapping };
}

const maxPacketTicks = 5760;

/** Ticks of the 48 kHz clock that a packet lasts, from its table-of-contents byte (RFC 6716 §3.1). */
function packetTicks(packet: Uint8Array): number {
  const toc = packet[0];
  if (toc === undefined) throw undecodable('Opus packets of at least one byte', 'an empty one');
  const config = toc >> 3;
  let frameTicks: number;
  if (config < 12) frameTicks = [480, 960, 1920, 2880][config & 3]!;
  else if (config < 16) frameTicks = [480, 960][config & 1]!;
  else frameTicks = [120, 240, 480, 960][config & 3]!;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 0x3f;
  const ticks = frames * frameTicks;
  if (ticks === 0 || ticks > maxPacketTicks) {
    throw undecodable('Opus packets of at most 120 ms', `one of ${ticks / 48} ms`);
  }
  return ticks;
}

/**
 * How many ticks of the 48 kHz clock the stream plays: the end granule position less the first and the
 * pre-skip, never more than its packets hold (RFC 7845 §4.4, §4.5).
 */
function playedTicks(
  audio: readonly OggPacket[],
  durations: readonly number[],
  preSkip: number,
): number {
  let held = 0;
  let heldAtFirstPage: number | undefined;
  let firstGranule = 0n;
  let heldBeforeLastPage = 0;
  let lastGranule = 0n;
  for (let i = 0, heldAtLastPage = 0; i < audio.length; i++) {
    held += durations[i]!;
    const granule = audio[i]!.granule;
    if (granule === undefined || granule < 0n) continue;
    if (heldAtFirstPage === undefined) {
      heldAtFirstPage = held;
      firstGranule = granule;
    }
    heldBeforeLastPage = heldAtLastPage;
    heldAtLastPage = held;
    lastGranule = granule;
  }
  if (heldAtFirstPage === undefined) return 0;
  // A recording cut out of a longer one starts at a later position; one page alone may only end early.
  const start = Math.max(0, Number(firstGranule) - heldAtFirstPage);
  const end = Number(lastGranule) - start;
  if (end < heldBeforeLastPage) {
    throw undecodable(
      `an Ogg Opus stream to end within its last page, after tick ${heldBeforeLastPage}`,
      `an end at ${end}`,
    );
  }
  return Math.min(end, held) - preSkip;
}
