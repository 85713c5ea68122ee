import { text } from '../language.ts';
import type { Insight } from './insight.ts';
import { type Band, type Brush, type Lane, writeInside, writeNothing } from './lane.ts';

/** The HMM's best path: a step for each state of each word's chain, from the first at the top downwards. */
export function drawStatePath(brush: Brush, band: Band): void {
  const { context, colours, window, insight } = brush;
  const { statePath } = insight;
  if (statePath === undefined) {
    writeNothing(brush, band, text('noStatePath'));
    return;
  }
  const states = statePath.flatMap(({ units = [] }) => units.flatMap((unit) => unit.states ?? []));
  const rows = 1 + Math.max(0, ...states.map(({ state }) => state));
  const step = (band.height - 6) / rows;
  statePath.forEach(({ units = [], start, end }, index) => {
    context.fillStyle = index % 2 === 0 ? colours.shade : colours.line;
    context.globalAlpha = 0.35;
    context.fillRect(window.xOf(start), band.top, window.xOf(end) - window.xOf(start), band.height);
    context.globalAlpha = 1;
    context.fillStyle = colours.accent;
    for (const { state, ...span } of units.flatMap((unit) => unit.states ?? [])) {
      const left = window.xOf(span.start);
      const width = Math.max(1, window.xOf(span.end) - left);
      context.fillRect(left, band.top + 3 + state * step, width, Math.max(2, step - 1));
    }
  });
}

/** The words of one decoder as boxes from their start to their end. */
export function wordsLane(reading: Insight['readings'][number], name: string): Lane {
  return {
    name,
    height: 30,
    draw: (brush, band) => {
      const { context, colours, window } = brush;
      for (const { word, start, end, confidence } of reading.words) {
        const left = window.xOf(start);
        const width = Math.max(2, window.xOf(end) - left);
        context.globalAlpha = confidence;
        context.fillStyle = colours.shade;
        context.fillRect(left, band.top + 2, width, band.height - 4);
        context.globalAlpha = 1;
        context.strokeStyle = colours.accent;
        context.lineWidth = 1;
        context.strokeRect(left + 0.5, band.top + 2.5, width - 1, band.height - 5);
        context.fillStyle = colours.ink;
        writeInside(brush, word, start, end, band.top + band.height / 2);
      }
      if (reading.words.length === 0) writeNothing(brush, band, text('heardNothing'));
    },
  };
}

/** Seconds between marks of the axis: so that there is room for their numbers. */
function tickSeconds(spanSeconds: number, width: number): number {
  const least = (spanSeconds * 60) / width;
  const steps = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120];
  return steps.find((step) => step >= least) ?? 300;
}

/** Seconds, under everything. */
export function drawAxis({ context, colours, window }: Brush, band: Band): void {
  const step = tickSeconds(window.to - window.from, window.width);
  context.fillStyle = colours.quiet;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  const digits = step < 0.1 ? 2 : 1;
  for (let tick = Math.ceil(window.from / step); tick * step <= window.to; tick++) {
    const x = window.xOf(tick * step);
    context.fillRect(x, band.top, 1, 4);
    const mark = `${(tick * step).toFixed(digits)} s`;
    const half = context.measureText(mark).width / 2;
    const [first, last] = [window.left + half, window.left + window.width - half];
    context.fillText(mark, Math.min(last, Math.max(first, x)), band.top + 6);
  }
}
