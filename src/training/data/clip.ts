import type { Corpus } from './corpus.ts';
import type { PackedAudio } from './packed-audio.ts';
import { type ClipFrameLabels, frameLabelsOf } from './packed-frame-labels.ts';

/** One clip of a loaded corpus. */
export type Clip = {
  readonly audio: PackedAudio;
  /** Its samples are `audio.samples[start]` up to `audio.samples[end]`. */
  readonly start: number;
  readonly end: number;
  readonly words: readonly string[];
  readonly speaker: string;
  readonly frameLabels?: ClipFrameLabels;
};

export function clipOf(corpus: Corpus, row: number): Clip {
  const { words, speaker } = corpus.rows[row]!;
  return {
    audio: corpus.audio,
    start: corpus.audio.offsets[row]!,
    end: corpus.audio.offsets[row + 1]!,
    words,
    speaker,
    ...(corpus.frameLabels && { frameLabels: frameLabelsOf(corpus.frameLabels, row) }),
  };
}

/** What a look at a clip's energy tells. Sample numbers count as the clip's `start` and `end` do. */
export type ClipLevels = {
  /** First and last of what is louder than the clip's background. */
  readonly speechStart: number;
  readonly speechEnd: number;
  /** Root mean square between them, full scale 1. */
  readonly speechRms: number;
  /** Root mean square of the clip's background, full scale 1. */
  readonly floorRms: number;
};

const frameSeconds = 0.01;
/** Speech begins where a frame comes this near to the loudest one … */
const belowLoudestDb = 35;
/** … and stands this far above the quietest tenth. */
const aboveFloorDb = 8;
const marginFrames = 4;

/** Finds speech and background in a clip by the energy of its 10 ms frames. */
export function measureClip({ audio, start, end }: Clip): ClipLevels {
  const frameLength = Math.max(1, Math.round(frameSeconds * audio.sampleRateHz));
  const frames = Math.floor((end - start) / frameLength);
  const whole = rmsOf(audio.samples, start, end);
  if (frames < 4) return { speechStart: start, speechEnd: end, speechRms: whole, floorRms: 0 };
  const power = new Float64Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    const from = start + frame * frameLength;
    power[frame] = rmsOf(audio.samples, from, from + frameLength) ** 2;
  }
  const sorted = power.toSorted();
  const loudest = sorted[frames - 1]!;
  const floor = sorted[Math.floor(frames * 0.1)]!;
  const threshold = Math.max(
    loudest * 10 ** (-belowLoudestDb / 10),
    // A clip without background (cut tight) has no quiet tenth: do not cut into the speech.
    Math.min(floor * 10 ** (aboveFloorDb / 10), loudest * 10 ** (-20 / 10)),
  );
  const isLoud = (value: number) => value >= threshold;
  const first = Math.max(0, power.findIndex(isLoud) - marginFrames);
  const last = Math.min(frames, power.findLastIndex(isLoud) + 1 + marginFrames);
  const speechStart = start + first * frameLength;
  const speechEnd = last === frames ? end : start + last * frameLength;
  const speechRms = rmsOf(audio.samples, speechStart, speechEnd);
  return {
    speechStart,
    speechEnd,
    speechRms,
    floorRms: Math.min(Math.sqrt(floor), speechRms / 16),
  };
}

function rmsOf(samples: Int16Array, start: number, end: number): number {
  let sum = 0;
  for (let index = start; index < end; index++) sum += samples[index]! * samples[index]!;
  return end > start ? Math.sqrt(sum / (end - start)) / 32768 : 0;
}
