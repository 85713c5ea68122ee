import { SingleBar } from 'cli-progress';
import type { DevEvaluation } from '../training/checkpoint.ts';
import type { StepResult } from '../training/trainer.ts';

/** Without a terminal a line is written every so many steps. */
const lineEvery = 100;
const smoothing = 0.98;

/**
 * Shows a training run on standard error: on a terminal a bar with loss, dev word error rate, frames a second and
 * time left; plain lines elsewhere.
 */
export class TrainingProgress {
  private readonly total: number;
  private readonly stream: NodeJS.WriteStream;
  private startedAt = 0;
  private bar: SingleBar | undefined;
  private firstStep: number | undefined;
  private lastStage = '';
  private loss: number | undefined;
  private dev = 'not yet';

  constructor(total: number, stream: NodeJS.WriteStream = process.stderr) {
    this.total = total;
    this.stream = stream;
  }

  stage(stage: string): void {
    const isNew = stage.replace(/\d+/g, '') !== this.lastStage.replace(/\d+/g, '');
    this.lastStage = stage;
    if (this.stream.isTTY) this.stream.write(`\r\x1b[K${stage}`);
    else if (isNew) this.stream.write(`${stage}\n`);
  }

  step(result: StepResult, framesPerSecond: number): void {
    if (this.firstStep === undefined) {
      this.firstStep = result.step;
      this.startedAt = performance.now();
    }
    this.loss =
      this.loss === undefined ? result.loss : smoothing * this.loss + (1 - smoothing) * result.loss;
    const payload = {
      loss: this.loss.toFixed(3),
      dev: this.dev,
      speed: Math.round(framesPerSecond),
      left: this.timeLeft(result.step),
    };
    if (this.stream.isTTY) {
      this.bar ??= this.startBar();
      this.bar.update(result.step, payload);
    } else if (result.step % lineEvery === 0) {
      this.stream.write(
        `step ${result.step}/${this.total} loss ${payload.loss} dev WER ${payload.dev} ${payload.speed} frames/s ${payload.left} left\n`,
      );
    }
  }

  evaluation(evaluation: DevEvaluation, isBest: boolean): void {
    this.dev = `${(100 * evaluation.wordErrorRate).toFixed(2)} %`;
    if (this.stream.isTTY) return;
    const sets = Object.entries(evaluation.sets).map(
      ([name, score]) => `${name} ${score.toFixed(4)}`,
    );
    this.stream.write(
      `dev at ${evaluation.step}: WER ${this.dev}, score ${evaluation.score.toFixed(4)}${isBest ? ' (best)' : ''} · ${sets.join(' · ')}\n`,
    );
  }

  done(message: string): void {
    this.stop();
    this.stream.write(`${message}\n`);
  }

  stop(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  private startBar(): SingleBar {
    this.stream.write('\n');
    const bar = new SingleBar({
      stream: this.stream,
      format:
        '{bar} {value}/{total} | loss {loss} | dev WER {dev} | {speed} frames/s | {left} left',
      hideCursor: true,
      gracefulExit: false,
    });
    bar.start(this.total, 0, { loss: '', dev: '', speed: '', left: '' });
    return bar;
  }

  private timeLeft(step: number): string {
    const stepsHere = step - (this.firstStep ?? step);
    const secondsPerStep = (performance.now() - this.startedAt) / 1000 / Math.max(1, stepsHere);
    const minutes = Math.round(((this.total - step) * secondsPerStep) / 60);
    return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  }
}
