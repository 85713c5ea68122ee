import { text, textOr } from '../language.ts';
import { type Colours, coloursNow } from './colours.ts';
import type { Insight } from './insight.ts';
import type { Band, Brush, Lane } from './lane.ts';
import { drawPosteriors } from './posterior-lane.ts';
import { drawSpectrogram, drawWaveform } from './sound-lanes.ts';
import { type Surface, SvgSurface } from './svg-surface.ts';
import type { TimeWindow } from './time-window.ts';
import { drawAxis, drawStatePath, wordsLane } from './word-lanes.ts';

const nameHeight = 18;
const margin = 8;
const font = '12px system-ui, "Noto Sans", "Noto Sans KR", sans-serif';

/** All lanes above one another on one canvas, so that what is copied is what is seen. */
export class Picture {
  readonly window: TimeWindow;
  private readonly insight: Insight;
  private readonly canvas: HTMLCanvasElement;
  /** All but the cursor, drawn when something else than the cursor moves. */
  private readonly still = document.createElement('canvas');
  /** in pixels of the page */
  private width = 1;
  private height = 1;
  private colours: Colours = coloursNow();
  private bands: { readonly lane: Lane; readonly band: Band }[] = [];

  constructor(canvas: HTMLCanvasElement, insight: Insight, window: TimeWindow) {
    this.canvas = canvas;
    this.insight = insight;
    this.window = window;
  }

  /** Lays the lanes out anew: for another width, theme or language. */
  layOut(): void {
    this.colours = coloursNow();
    const lanes = this.lanes();
    let top = 0;
    this.bands = lanes.map((lane) => {
      const band = { top: top + nameHeight, height: lane.height };
      top = band.top + band.height;
      return { lane, band };
    });
    this.height = top + margin;
    this.width = Math.max(1, this.canvas.parentElement!.clientWidth);
    this.window.left = margin;
    this.window.width = Math.max(1, this.width - 2 * margin);
    this.canvas.style.blockSize = `${this.height}px`;
    for (const canvas of [this.canvas, this.still]) {
      canvas.width = Math.round(this.width * devicePixelRatio);
      canvas.height = Math.round(this.height * devicePixelRatio);
    }
    this.drawStill();
  }

  /** Draws all but the cursor. */
  drawStill(): void {
    const context = this.still.getContext('2d')!;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    this.draw(context);
  }

  /** The same as a drawing that can be scaled. */
  toSvg(): string {
    const surface = new SvgSurface(this.width, this.height);
    this.draw(surface);
    return String(surface);
  }

  private draw(context: Surface): void {
    const { colours, window, insight } = this;
    const brush: Brush = { context, colours, window, insight };
    context.fillStyle = colours.card;
    context.fillRect(0, 0, this.width, this.height);
    for (const { lane, band } of this.bands) {
      context.font = font;
      context.fillStyle = colours.quiet;
      context.textAlign = 'left';
      context.textBaseline = 'middle';
      context.fillText(lane.name, window.left, band.top - nameHeight / 2);
      context.save();
      context.beginPath();
      context.rect(window.left, band.top, window.width, band.height);
      context.clip();
      lane.draw(brush, band);
      context.restore();
    }
  }

  /** Puts the picture on the canvas, with the cursor where it is now and the pointer, if it is over it. */
  show(cursorSeconds: number, pointerSeconds?: number): void {
    const context = this.canvas.getContext('2d')!;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.still, 0, 0);
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    if (pointerSeconds !== undefined) this.drawLine(context, pointerSeconds, this.colours.quiet);
    this.drawLine(context, cursorSeconds, this.colours.differs);
  }

  private drawLine(context: CanvasRenderingContext2D, seconds: number, colour: string): void {
    const { left, width } = this.window;
    const x = this.window.xOf(seconds);
    if (x < left - 1 || x > left + width + 1) return;
    context.fillStyle = colour;
    context.fillRect(x - 0.75, 0, 1.5, this.height);
  }

  /** The word under a point of the canvas, in pixels from its corner. */
  wordAt(x: number, y: number): { readonly start: number; readonly end: number } | undefined {
    const index = this.bands.findIndex(({ band }) => y >= band.top && y < band.top + band.height);
    const first = this.bands.length - 1 - this.insight.readings.length;
    const reading = this.insight.readings[index - first];
    const seconds = this.window.secondsAt(x);
    return reading?.words.find(({ start, end }) => seconds >= start && seconds < end);
  }

  private lanes(): Lane[] {
    const bandwidth = ((this.insight.logMel?.highHz ?? 0) / 1000).toFixed(0);
    return [
      { name: text('lane_waveform'), height: 70, draw: drawWaveform },
      {
        name: text('lane_spectrogram', { kilohertz: bandwidth }),
        height: 110,
        draw: drawSpectrogram,
      },
      { name: text('lane_posteriors'), height: 130, draw: drawPosteriors },
      { name: text('lane_states'), height: 80, draw: drawStatePath },
      ...this.insight.readings.map((reading) =>
        wordsLane(
          reading,
          text('lane_words', { decoder: textOr(reading.decoder, reading.decoder) }),
        ),
      ),
      { name: '', height: 22, draw: drawAxis },
    ];
  }
}
