import { appendFile, readFile, writeFile } from 'node:fs/promises';
import type { DevEvaluation } from './checkpoint.ts';

/** One line of a run's metrics log. */
export type Metrics =
  | {
      readonly kind: 'training';
      readonly step: number;
      /** Mean over the steps since the last line. */
      readonly loss: number;
      readonly gradientNorm: number;
      readonly learningRate: number;
      readonly framesPerSecond: number;
    }
  | ({ readonly kind: 'evaluation' } & DevEvaluation);

/** A JSON Lines file of what happened in a run. */
export class MetricsLog {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async append(metrics: Metrics): Promise<void> {
    await appendFile(this.path, `${JSON.stringify(metrics)}\n`);
  }

  /** All lines so far; none when there is no file yet. */
  async read(): Promise<Metrics[]> {
    const content = await readFile(this.path, 'utf8').catch(() => '');
    const lines = content.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Metrics);
  }

  /** Drops the lines after a step: a resumed run writes them again. */
  async truncateAfter(step: number): Promise<void> {
    const kept = (await this.read()).filter((metrics) => metrics.step <= step);
    await writeFile(this.path, kept.map((metrics) => `${JSON.stringify(metrics)}\n`).join(''));
  }
}
