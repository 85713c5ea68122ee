import { SoriError } from '../errors.ts';
import { endOfId3v2, hasTag } from './byte-tags.ts';
import { decodeFlac } from './flac.ts';
import { decodeMp3 } from './mp3.ts';
import { readMp3Header } from './mp3-frames.ts';
import { readOggPackets } from './ogg.ts';
import { decodeOpus } from './opus.ts';
import { checkLength, undecodable } from './rejection.ts';
import { decodeVorbis } from './vorbis.ts';
import { decodeWav } from './wav-reader.ts';
import type { Waveform } from './waveform.ts';

type Limits = { readonly maxSeconds: number };

/** Beyond this no recording's full scale is 1: even 16-bit integers kept as floats stay below. */
const maxMagnitude = 65536;

/** Containers that are known and not accepted, to say so in the message: [offset, tag, name]. */
const otherFormats: readonly (readonly [number, string, string])[] = [
  [0, 'RIFX', 'big-endian RIFF'],
  [0, 'RF64', 'RF64'],
  [0, 'FORM', 'AIFF'],
  [0, '.snd', 'Sun audio'],
  [0, '#!AMR', 'AMR'],
  [4, 'ftyp', 'MP4'],
  [0, '\x1a\x45\xdf\xa3', 'Matroska or WebM'],
];

/**
 * Decodes a recording to mono: WAV, FLAC, MP3, Ogg Vorbis or Ogg Opus, told apart by their bytes, at
 * 8000 to 48000 Hz and with any number of channels (32 in Ogg), of which the mean is taken.
 *
 * Only whole recordings are accepted: one that is cut, damaged or empty, or whose header claims what is
 * not so, throws `SoriError('undecodable_audio')`. Not noticed is a cut between two frames of an MP3
 * or FLAC whose header does not name the length. One that is longer than `maxSeconds` throws
 * `SoriError('audio_too_long')`, for most formats before anything of it is decoded. No other error is
 * thrown, and memory stays within a small multiple of the allowed seconds.
 */
export async function decodeAudio(bytes: Uint8Array, limits: Limits): Promise<Waveform> {
  let waveform: Waveform;
  try {
    waveform = await decodeByFormat(bytes, limits);
  } catch (error) {
    if (error instanceof SoriError) throw error;
    // A decoder gave up: a trap in its WebAssembly, or a packet larger than it allows for.
    const got = error instanceof Error ? error.message : String(error);
    throw undecodable('a stream that its decoder accepts', `"${got}"`, error);
  }
  const { samples, sampleRateHz } = waveform;
  if (samples.length === 0) throw undecodable('at least one sample', 'none');
  checkLength(samples.length, sampleRateHz, limits.maxSeconds);
  for (let i = 0; i < samples.length; i++) {
    if (Math.abs(samples[i]!) <= maxMagnitude) continue;
    throw undecodable('finite samples with full scale 1', `${samples[i]} at sample ${i}`);
  }
  return waveform;
}

async function decodeByFormat(bytes: Uint8Array, limits: Limits): Promise<Waveform> {
  if (bytes.length === 0) throw undecodable('a recording', 'no bytes');
  if (hasTag(bytes, 0, 'RIFF') && hasTag(bytes, 8, 'WAVE')) return decodeWav(bytes, limits);
  if (hasTag(bytes, 0, 'OggS')) return decodeOgg(bytes, limits);
  const start = endOfId3v2(bytes);
  if (hasTag(bytes, start, 'fLaC')) return decodeFlac(bytes, limits);
  if (start > 0 || isMp3(bytes)) return decodeMp3(bytes, limits);
  const other = otherFormats.find(([offset, tag]) => hasTag(bytes, offset, tag));
  throw undecodable(
    'WAV, FLAC, MP3, Ogg Vorbis or Ogg Opus',
    other === undefined ? 'bytes of none of them' : other[2],
  );
}

/** A frame header alone is four bytes that much else begins with; what follows the frame must fit too. */
function isMp3(bytes: Uint8Array): boolean {
  const header = readMp3Header(bytes, 0);
  if (header === undefined) return false;
  return header.byteLength >= bytes.length || readMp3Header(bytes, header.byteLength) !== undefined;
}

async function decodeOgg(bytes: Uint8Array, limits: Limits): Promise<Waveform> {
  const packets = readOggPackets(bytes);
  const first = packets.next();
  if (first.done) throw undecodable('an Ogg packet', 'none');
  const { data } = first.value;
  if (hasTag(data, 0, 'OpusHead')) return decodeOpus(first.value, packets, limits);
  if (hasTag(data, 0, '\x01vorbis')) return decodeVorbis(first.value, packets, limits);
  throw undecodable('an Ogg stream of Vorbis or Opus', 'one of another codec');
}
