import { StoppedError } from './failures.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs work that Ctrl-C (or SIGTERM) may stop: the first signal aborts `signal`, at which the work puts
 * away what it is doing and returns or throws; a second one ends the process at once, as without us.
 * Throws `StoppedError` when the work was stopped, whatever it returned.
 */
export async function stoppable<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const stop = (name: 'SIGINT' | 'SIGTERM'): void => {
    restore();
    controller.abort(new StoppedError(name));
  };
  const restore = (): void => {
    for (const name of signals) process.off(name, stop);
  };
  for (const name of signals) process.on(name, stop);
  try {
    const result = await work(controller.signal);
    controller.signal.throwIfAborted();
    return result;
  } catch (error) {
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    restore();
  }
}
