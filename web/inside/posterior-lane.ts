import type { Band, Brush } from './lane.ts';
import { frameSeconds, peaksOf, shownLabels } from './spikes.ts';

/** of the labels' names, in pixels */
const lineHeight = 13;

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
