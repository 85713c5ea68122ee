import type { Segment } from './segments.ts';

/** SubRip: numbered cues, a comma before the milliseconds. */
export function subRip(segments: readonly Segment[]): string {
  return segments
    .map(({ startSeconds, endSeconds, text }, index) => {
      const times = `${clock(startSeconds, ',')} --> ${clock(endSeconds, ',')}`;
      return `${index + 1}\n${times}\n${text}\n\n`;
    })
    .join('');
}

/** WebVTT (W3C). */
export function webVtt(segments: readonly Segment[]): string {
  const cues = segments.map(
    ({ startSeconds, endSeconds, text }) =>
      `${clock(startSeconds, '.')} --> ${clock(endSeconds, '.')}\n${text}\n\n`,
  );
  return `WEBVTT\n\n${cues.join('')}`;
}

/** `hh:mm:ss` and the milliseconds behind the given mark. */
function clock(seconds: number, mark: ',' | '.'): string {
  const total = Math.round(1000 * seconds);
  const pad = (value: number, width: number) => String(value).padStart(width, '0');
  const hours = Math.floor(total / 3_600_000);
  const minutes = Math.floor(total / 60_000) % 60;
  const wholeSeconds = Math.floor(total / 1000) % 60;
  return `${pad(hours, 2)}:${pad(minutes, 2)}:${pad(wholeSeconds, 2)}${mark}${pad(total % 1000, 3)}`;
}
