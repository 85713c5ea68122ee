/** The command line asks for something that does not fit together: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A signal came and the command has put away what it was doing: exit code 128 + the signal's number. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`stopped by ${signal}`);
    this.exitCode = signal === 'SIGINT' ? 130 : 143;
  }
}
