import type { AlignedClip } from './aligned-clip.ts';

/**
 * Alignments as NIST's CTM (time-marked conversation): a word a line, `waveform channel start duration
 * word confidence`, seconds to the millisecond, sorted by waveform and start as sctk wants them. Fields
 * are parted by white space, so a name has none: each stretch of it becomes one underscore.
 */
export function ctm(clips: readonly AlignedClip[]): string {
  const lines = clips.flatMap(({ recording, words }) => {
    const waveform = recording.replace(/\s+/gu, '_');
    return words.map(({ word, startSeconds, endSeconds, confidence }) => {
      const start = Math.round(1000 * startSeconds);
      const duration = Math.round(1000 * endSeconds) - start;
      const fields = [waveform, channel, seconds(start), seconds(duration)];
      return { waveform, start, line: [...fields, word, confidence.toFixed(4)].join(' ') };
    });
  });
  lines.sort((a, b) => byCodeUnits(a.waveform, b.waveform) || a.start - b.start);
  return lines.map(({ line }) => `${line}\n`).join('');
}

/** Recordings are mixed to mono before they are heard. */
const channel = '1';

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
