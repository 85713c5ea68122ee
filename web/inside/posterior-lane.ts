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

/** The middle of a frame. */
export function frameSeconds({ frameShiftSeconds }: Posteriors, t: number): number {
  return (t + 0.5) * frameShiftSeconds;
}

/** Probabilities of CTC's labels: spikes, over the blank that fills the time between them. */
export function drawPosteriors(brush: Brush, band: Band): void {
  const { context, colours, insight, window } = brush;
  const { posteriors } = insight;
  const { frames, columns, values, blank, labels } = posteriors;
  const roof = 14; // for the labels' names
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
  for (const k of shownLabels(posteriors)) {
    const colour = colours.curves[k % colours.curves.length]!;
    context.strokeStyle = colour;
    trace(k);
    context.stroke();
    context.fillStyle = colour;
    context.textAlign = 'center';
    context.textBaseline = 'bottom';
    for (const t of peaksOf(posteriors, k))
      context.fillText(labels[k]!, window.xOf(frameSeconds(posteriors, t)), yOf(t, k) - 1);
  }
}

/** Frames where a label is more probable than just before and after, and likely to be said. */
function peaksOf({ frames, columns, values }: Posteriors, k: number): number[] {
  const at = (t: number) =>
    t < 0 || t >= frames ? Number.NEGATIVE_INFINITY : values[t * columns + k]!;
  const isPeak = (t: number) => at(t) > Math.log(0.4) && at(t) > at(t - 1) && at(t) >= at(t + 1);
  return Array.from({ length: frames }, (_, t) => t).filter(isPeak);
}
