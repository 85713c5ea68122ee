/** The closest look: as long as a few frames. */
const shortestSeconds = 0.1;

/** Which part of a recording is seen, and where its times are on a picture of some width. */
export class TimeWindow {
  readonly durationSeconds: number;
  from = 0;
  to: number;
  /** of the picture, in pixels */
  left = 0;
  width = 1;

  constructor(durationSeconds: number) {
    this.durationSeconds = Math.max(durationSeconds, 1e-3);
    this.to = this.durationSeconds;
  }

  xOf(seconds: number): number {
    return this.left + ((seconds - this.from) / (this.to - this.from)) * this.width;
  }

  secondsAt(x: number): number {
    const seconds = this.from + ((x - this.left) / this.width) * (this.to - this.from);
    return Math.min(this.durationSeconds, Math.max(0, seconds));
  }

  /** Shows `factor` times as long a part, with a time where it was. */
  zoom(factor: number, aroundSeconds: number): void {
    const span = this.to - this.from;
    const wanted = Math.max(Math.min(shortestSeconds, this.durationSeconds), span * factor);
    const share = (aroundSeconds - this.from) / span;
    this.place(aroundSeconds - share * wanted, Math.min(wanted, this.durationSeconds));
  }

  pan(bySeconds: number): void {
    this.place(this.from + bySeconds, this.to - this.from);
  }

  showAll(): void {
    this.place(0, this.durationSeconds);
  }

  /** Shows a stretch of time with about as much around it. */
  show(fromSeconds: number, toSeconds: number): void {
    const span = Math.max(shortestSeconds, toSeconds - fromSeconds);
    this.place(fromSeconds - span / 2, Math.min(2 * span, this.durationSeconds));
  }

  /** Moves as little as is needed for a time to be seen. */
  reveal(seconds: number): void {
    if (seconds < this.from) this.pan(seconds - this.from);
    else if (seconds > this.to) this.pan(seconds - this.to);
  }

  private place(from: number, span: number): void {
    this.from = Math.min(Math.max(0, from), this.durationSeconds - span);
    this.to = this.from + span;
  }
}
