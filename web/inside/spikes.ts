import type { Matrix } from './npy.ts';

/** What CTC's network says of each frame: ln probabilities. */
export type Posteriors = Matrix & {
  readonly labels: readonly string[];
  readonly blank: number;
  readonly frameShiftSeconds: number;
};

/** A label that never gets more probable than this has no curve. */
const leastPeak = 0.05;

/** Labels with a curve, most probable peak first, without the blank. */
export function shownLabels({ frames, columns, values, blank }: Posteriors): number[] {
  const peaks = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY);
  for (let t = 0; t < frames; t++)
    for (let k = 0; k < columns; k++) peaks[k] = Math.max(peaks[k]!, values[t * columns + k]!);
  return Array.from(peaks.keys())
    .filter((label) => label !== blank && peaks[label]! > Math.log(leastPeak))
    .sort((a, b) => peaks[b]! - peaks[a]!);
}

/** The middle of a frame. */
export function frameSeconds({ frameShiftSeconds }: Posteriors, t: number): number {
  return (t + 0.5) * frameShiftSeconds;
}

/** When, within a stretch of time, the network is least for the blank; its start where no frame is in it. */
export function spikeWithin(
  posteriors: Posteriors,
  startSeconds: number,
  endSeconds: number,
): number {
  const { frames, columns, values, blank } = posteriors;
  let [found, least] = [startSeconds, Number.POSITIVE_INFINITY];
  for (let t = 0; t < frames; t++) {
    const seconds = frameSeconds(posteriors, t);
    const value = values[t * columns + blank]!;
    if (seconds >= startSeconds && seconds < endSeconds && value < least)
      [found, least] = [seconds, value];
  }
  return found;
}

/** Frames where a label is more probable than just before and after, and likely to be said. */
export function peaksOf({ frames, columns, values }: Posteriors, k: number): number[] {
  const at = (t: number) =>
    t < 0 || t >= frames ? Number.NEGATIVE_INFINITY : values[t * columns + k]!;
  const isPeak = (t: number) => at(t) > Math.log(0.4) && at(t) > at(t - 1) && at(t) >= at(t + 1);
  return Array.from({ length: frames }, (_, t) => t).filter(isPeak);
}
