/** The command line asks for something that does not fit together: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Ctrl-C came and the command has put away what it was doing: exit code 130. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';

  constructor() {
    super('stopped');
  }
}
