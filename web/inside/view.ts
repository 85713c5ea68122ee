import { byId } from '../dom.ts';
import type { Player } from '../player.ts';
import { copyPng, copySvg } from './copy-picture.ts';
import type { Insight } from './insight.ts';
import { Picture } from './picture.ts';
import { readoutAt } from './readout.ts';
import { spikeWithin } from './spikes.ts';
import { TimeWindow } from './time-window.ts';

const zoomStep = 1.5;
/** A press that moves less than this is a click. */
const clickPixels = 4;

/** The picture of a recording, with its cursor, pointer and keys. */
export class InsideView {
  private readonly section = byId('inside', HTMLElement);
  private readonly canvas = byId('picture', HTMLCanvasElement);
  private readonly readout = byId('readout', HTMLElement);
  private readonly player: Player;
  private insight: Insight | undefined;
  private picture: Picture | undefined;
  private cursorSeconds = 0;

  constructor(player: Player) {
    this.player = player;
    player.onMove = (seconds) => this.moveCursor(seconds);
    const redraw = () => this.layOut();
    addEventListener('resize', redraw);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
    this.listenToPointer();
    this.listenToKeys();
    const click = (id: string, act: () => void) =>
      byId(id, HTMLButtonElement).addEventListener('click', act);
    click('zoom-in', () => this.zoom(1 / zoomStep, this.cursorSeconds));
    click('zoom-out', () => this.zoom(zoomStep, this.cursorSeconds));
    click('zoom-all', () => this.look((window) => window.showAll()));
    click('copy-png', () => void copyPng(this.canvas));
    click('copy-svg', () => {
      if (this.picture !== undefined) void copySvg(this.picture.toSvg());
    });
  }

  show(insight: Insight): void {
    this.insight = insight;
    this.picture = new Picture(this.canvas, insight, new TimeWindow(insight.durationSeconds));
    this.section.hidden = false;
    this.canvas.setAttribute('aria-valuemax', insight.durationSeconds.toFixed(2));
    this.cursorSeconds = 0;
    this.layOut();
  }

  hide(): void {
    this.section.hidden = true;
    this.insight = undefined;
    this.picture = undefined;
  }

  /** Brings a stretch of time into view, with the cursor on CTC's spike there, if there is a picture. */
  lookAt(startSeconds: number, endSeconds: number): void {
    if (this.picture === undefined || this.insight === undefined) return;
    this.section.scrollIntoView();
    this.canvas.focus({ preventScroll: true });
    this.look((window) => window.show(startSeconds, endSeconds));
    this.seek(spikeWithin(this.insight.posteriors, startSeconds, endSeconds));
  }

  /** Draws everything anew, in the width, theme and language of now. */
  layOut(): void {
    this.picture?.layOut();
    this.moveCursor(this.cursorSeconds);
  }

  private moveCursor(seconds: number): void {
    this.cursorSeconds = seconds;
    if (this.insight === undefined || this.picture === undefined) return;
    const { window } = this.picture;
    if (seconds < window.from || seconds > window.to) {
      window.reveal(seconds);
      this.picture.drawStill();
    }
    this.picture.show(seconds);
    const words = readoutAt(this.insight, seconds);
    this.readout.textContent = words;
    this.canvas.setAttribute('aria-valuenow', seconds.toFixed(2));
    this.canvas.setAttribute('aria-valuetext', words);
  }

  /** Shows what there is under the pointer, without moving the cursor. */
  private point(x: number): void {
    if (this.insight === undefined || this.picture === undefined) return;
    const seconds = this.picture.window.secondsAt(x);
    this.picture.show(this.cursorSeconds, seconds);
    this.readout.textContent = readoutAt(this.insight, seconds);
  }

  private look(change: (window: TimeWindow) => void): void {
    if (this.picture === undefined) return;
    change(this.picture.window);
    this.picture.drawStill();
    this.picture.show(this.cursorSeconds);
  }

  private zoom(factor: number, aroundSeconds: number): void {
    this.look((window) => window.zoom(factor, aroundSeconds));
  }

  private listenToPointer(): void {
    const { canvas } = this;
    let pressedX: number | undefined;
    let lastX = 0;
    let moved = false;
    canvas.addEventListener('pointerdown', ({ offsetX, pointerId }) => {
      canvas.setPointerCapture(pointerId);
      pressedX = offsetX;
      lastX = offsetX;
      moved = false;
    });
    canvas.addEventListener('pointermove', ({ offsetX }) => {
      if (pressedX === undefined) {
        this.point(offsetX);
        return;
      }
      moved ||= Math.abs(offsetX - pressedX) >= clickPixels;
      const by = lastX - offsetX;
      lastX = offsetX;
      if (moved) this.look((window) => window.pan((by / window.width) * (window.to - window.from)));
    });
    canvas.addEventListener('pointerleave', () => this.moveCursor(this.cursorSeconds));
    canvas.addEventListener('pointercancel', () => {
      pressedX = undefined;
    });
    canvas.addEventListener('pointerup', ({ offsetX, offsetY }) => {
      pressedX = undefined;
      if (moved || this.picture === undefined) return;
      const word = this.picture.wordAt(offsetX, offsetY);
      if (word !== undefined) void this.player.playSpan(word.start, word.end);
      else this.seek(this.picture.window.secondsAt(offsetX));
    });
    // A wheel alone scrolls the page; with Ctrl, and by two fingers, it zooms here.
    canvas.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey || this.picture === undefined) return;
        event.preventDefault();
        const around = this.picture.window.secondsAt(event.offsetX);
        this.zoom(Math.exp(event.deltaY / 200), around);
      },
      { passive: false },
    );
  }

  private listenToKeys(): void {
    const step = () => {
      const window = this.picture?.window;
      return window === undefined ? 0 : (window.to - window.from) / 50;
    };
    const keys: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.seek(this.cursorSeconds - step()),
      ArrowRight: () => this.seek(this.cursorSeconds + step()),
      PageUp: () => this.seek(this.cursorSeconds - 10 * step()),
      PageDown: () => this.seek(this.cursorSeconds + 10 * step()),
      Home: () => this.seek(0),
      End: () => this.seek(Number.POSITIVE_INFINITY),
      '+': () => this.zoom(1 / zoomStep, this.cursorSeconds),
      '=': () => this.zoom(1 / zoomStep, this.cursorSeconds),
      '-': () => this.zoom(zoomStep, this.cursorSeconds),
      0: () => this.look((window) => window.showAll()),
      Enter: () => this.playWordAtCursor(),
    };
    this.canvas.addEventListener('keydown', (event) => {
      const act = keys[event.key];
      if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      act();
    });
  }

  private seek(seconds: number): void {
    const within = Math.min(this.insight?.durationSeconds ?? 0, Math.max(0, seconds));
    this.player.seek(within);
    this.moveCursor(within);
  }

  private playWordAtCursor(): void {
    const at = this.cursorSeconds;
    const words = this.insight?.readings.flatMap((reading) => reading.words) ?? [];
    const word = words.find(({ start, end }) => at >= start && at < end);
    if (word !== undefined) void this.player.playSpan(word.start, word.end);
  }
}
