import { SingleBar } from 'cli-progress';
import type { HmmTrainingConfiguration } from '../training/hmm/configuration.ts';
import type { IterationResult } from '../training/hmm/hmm-trainer.ts';

/** Progress of `sori train hmm` on standard error: a bar on a terminal, a line an iteration elsewhere. */
export class HmmProgress {
  private readonly total: number;
  private readonly stream: NodeJS.WriteStream;
  private bar: SingleBar | undefined;
  private lastStage = '';

  constructor(
    { stages }: Pick<HmmTrainingConfiguration, 'stages'>,
    stream: NodeJS.WriteStream = process.stderr,
  ) {
    this.total = stages.reduce((sum, { iterations }) => sum + iterations, 0);
    this.stream = stream;
  }

  stage(stage: string): void {
    const isNew = stage.replace(/\d+/g, '') !== this.lastStage.replace(/\d+/g, '');
    this.lastStage = stage;
    if (this.stream.isTTY && this.bar === undefined) this.stream.write(`\r\x1b[K${stage}`);
    else if (isNew) this.stream.write(`${stage}\n`);
  }

  iteration(result: IterationResult): void {
    const { iteration, method, components, logLikelihoodPerFrame, skipped } = result;
    const likelihood = logLikelihoodPerFrame.toFixed(4);
    if (this.stream.isTTY) {
      this.bar ??= this.startBar(iteration);
      this.bar.update(iteration + 1, { method, components, likelihood });
      return;
    }
    const short = skipped === 0 ? '' : `, ${skipped} examples too short`;
    this.stream.write(
      `iteration ${iteration + 1}/${this.total} ${method}, ${components} Gaussians, ln p ${likelihood} a frame${short}\n`,
    );
  }

  stop(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  private startBar(first: number): SingleBar {
    this.stream.write('\n');
    const bar = new SingleBar({
      stream: this.stream,
      format:
        '{bar} {value}/{total} | {method} | {components} Gaussians | ln p {likelihood} a frame | {eta_formatted} left',
      hideCursor: true,
      gracefulExit: false,
    });
    bar.start(this.total, first, { method: '', components: '', likelihood: '' });
    return bar;
  }
}
