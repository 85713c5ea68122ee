import { SingleBar } from 'cli-progress';

export type Progress = {
  /** @param done how many of the total are done so far */
  readonly update: (done: number) => void;
  /** Takes the bar away, or ends it; call it whatever happened. */
  readonly stop: () => void;
};

/** Lines in all without a terminal. */
const lines = 10;

/**
 * Shows how far a command is: a bar with the time left on a terminal, plain lines elsewhere, both on
 * standard error, so that standard output holds the result alone.
 */
export function startProgress(
  label: string,
  total: number,
  stream: NodeJS.WriteStream = process.stderr,
): Progress {
  if (!stream.isTTY) return plainLines(label, total, stream);
  const bar = new SingleBar({
    stream,
    format: `${label} {bar} {percentage}% | {value}/{total} | {eta_formatted} left`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    etaBuffer: 50,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    gracefulExit: false,
  });
  bar.start(total, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}

function plainLines(label: string, total: number, stream: NodeJS.WriteStream): Progress {
  let written = 0;
  return {
    update: (done) => {
      const parts = Math.floor((done * lines) / total);
      if (parts === written) return;
      written = parts;
      stream.write(`${label} ${done}/${total}\n`);
    },
    stop: () => {},
  };
}
