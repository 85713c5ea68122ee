/** What a run depends on: the same settings give the same findings, times apart. */
export type StudySettings = {
  readonly seed: number;
  /** A run of at most a minute that shows the study to work; its numbers are coarse. */
  readonly quick: boolean;
};

export type StudyContext = StudySettings & {
  /** Folders below which the corpora's manifests are found, for studies that read recordings. */
  readonly corpora: readonly string[];
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
  /**
   * Does a part of the work and keeps what it found, plain data, until the study is done: a run that takes up
   * one that broke off finds it by the part's name and does not do it again.
   */
  readonly keep: <Found>(part: string, work: () => Promise<Found>) => Promise<Found>;
};

/** A statement of the theory and what was found about it. */
export type Claim = {
  /** By which a page refers to it. */
  readonly name: string;
  readonly statement: string;
  /** null where the study ended before it was decided. */
  readonly holds: boolean | null;
  /** The numbers that say so. */
  readonly measured: string;
};

/** An experiment: from settings to findings, and from these, with nothing run again, to claims and plots. */
export type Study<Findings extends object = object> = {
  run(context: StudyContext): Promise<Findings>;
  claims(findings: Findings): readonly Claim[];
  /** SVG pictures by name. */
  plots(findings: Findings): Readonly<Record<string, string>>;
};

/** What a run leaves as JSON. */
export type StudyReport = StudySettings & {
  readonly study: string;
  /** The command that makes it again. */
  readonly command: string;
  readonly date: string;
  readonly machine: { readonly processor: string; readonly cores: number; readonly node: string };
  readonly seconds: number;
  readonly claims: readonly Claim[];
  readonly findings: object;
};

/**
 * Counts the units of a study's work, and stops it where it was asked to stop: call the answer with how many
 * units (one, if nothing is said) have been done since.
 */
export function countUnits(
  { signal, progress }: StudyContext,
  total: number,
): (units?: number) => Promise<void> {
  let done = 0;
  progress(0, total);
  return async (units = 1) => {
    done += units;
    progress(done, total);
    // Lets a signal's handler run between units of work that never wait.
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  };
}
