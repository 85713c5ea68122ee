import type { Posteriors } from './insight.ts';
import type { Band, Brush } from './lane.ts';

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

/** of the labels' names, in pixels */
const lineHeight = 13;

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

/** Probabilities of CTC's labels: spikes, over the blank that fills the time between them. */
export function drawPosteriors(brush: Brush, band: Band): void {
  const { context, colours, insight, window } = brush;
  const { posteriors } = insight;
  const { frames, columns, values, blank, labels } = posteriors;
  const roof = 2 * lineHeight + 2; // for the labels' names
  const yOf = (t: number, k: number) =>
    band.top + band.height - Math.exp(values[t * columns + k]!) * (band.height - roof);
  const trace = (k: number) => {
    context.beginPath();
    for (let t = 0; t < frames; t++)
      context.lineTo(window.xOf(frameSeconds(posteriors, t)), yOf(t, k));
  };

  trace(blank);
  context.lineTo(window.xOf(frameSeconds(posteriors, frames - 1)), band.top + band.height);
  context.lineTo(window.xOf(frameSeconds(posteriors, 0)), band.top + band.height);
  context.fillStyle = colours.line;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = colours.quiet;
  context.setLineDash([4, 3]);
  trace(blank);
  context.stroke();
  context.setLineDash([]);

  context.lineWidth = 2;
  const shown = shownLabels(posteriors);
  const curveOf = (k: number) => colours.curves[k % colours.curves.length]!;
  for (const k of shown) {
    context.strokeStyle = curveOf(k);
    trace(k);
    context.stroke();
  }
  const names = shown.flatMap((k) =>
    peaksOf(posteriors, k).map((t) => ({
      name: labels[k]!,
      colour: curveOf(k),
      x: window.xOf(frameSeconds(posteriors, t)),
    })),
  );
  const isSeen = ({ x }: SpikeName) => x >= window.left && x <= window.left + window.width;
  writeNames(brush, names.filter(isSeen), band.top + roof - 2);
}

type SpikeName = { readonly name: string; readonly colour: string; readonly x: number };

/** Each name above its spike, or a line higher where another stands, or not at all where both are taken. */
function writeNames(
  { context, window }: Brush,
  names: readonly SpikeName[],
  lowestBottom: number,
): void {
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  const takenUntil = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { name, colour, x } of names.toSorted((a, b) => a.x - b.x)) {
    const half = context.measureText(name).width / 2;
    const centre = Math.min(window.left + window.width - half, Math.max(window.left + half, x));
    const line = takenUntil.findIndex((end) => end < centre - half);
    if (line < 0) continue;
    takenUntil[line] = centre + half + 4;
    context.fillStyle = colour;
    context.fillText(name, centre, lowestBottom - line * lineHeight);
  }
}

/** Frames where a label is more probable than just before and after, and likely to be said. */
function peaksOf({ frames, columns, values }: Posteriors, k: number): number[] {
  const at = (t: number) =>
    t < 0 || t >= frames ? Number.NEGATIVE_INFINITY : values[t * columns + k]!;
  const isPeak = (t: number) => at(t) > Math.log(0.4) && at(t) > at(t - 1) && at(t) >= at(t + 1);
  return Array.from({ length: frames }, (_, t) => t).filter(isPeak);
}
