import type { Colours } from './colours.ts';
import type { Insight } from './insight.ts';
import type { Surface } from './svg-surface.ts';
import type { TimeWindow } from './time-window.ts';

/** What a lane is drawn with. */
export type Brush = {
  readonly context: Surface;
  readonly colours: Colours;
  readonly window: TimeWindow;
  readonly insight: Insight;
};

/** Where a lane is, in pixels from the picture's top. */
export type Band = { readonly top: number; readonly height: number };

/** One kind of thing over time. It draws inside its band, which is clipped. */
export type Lane = {
  readonly name: string;
  readonly height: number;
  readonly draw: (brush: Brush, band: Band) => void;
};

/** Says in a lane why there is nothing to see. */
export function writeNothing({ context, colours, window }: Brush, band: Band, why: string): void {
  context.fillStyle = colours.quiet;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(why, window.left + 8, band.top + band.height / 2);
}

/** Writes a text in the middle of a stretch of time, where it fits. */
export function writeInside(
  { context, window }: Brush,
  content: string,
  start: number,
  end: number,
  y: number,
): void {
  const left = Math.max(window.left, window.xOf(start));
  const right = Math.min(window.left + window.width, window.xOf(end));
  if (context.measureText(content).width + 4 > right - left) return;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(content, (left + right) / 2, y);
}
