import { readFile, rm } from 'node:fs/promises';
import type { StudySettings } from '../../studies/study.ts';
import { writeWhole } from '../../training/write-whole.ts';

/** What a file of kept parts says. */
type Kept = StudySettings & {
  /** By the clock, until the last part was done. */
  readonly seconds: number;
  readonly parts: Readonly<Record<string, unknown>>;
};

/** The parts of a study that are done, in a file that is there until the study is. */
export class KeptParts {
  private readonly path: string;
  private readonly secondsBefore: number;
  private readonly startedAt = performance.now();
  private kept: Kept;

  private constructor(path: string, kept: Kept) {
    this.path = path;
    this.secondsBefore = kept.seconds;
    this.kept = kept;
  }

  /**
   * Begins with what a run that broke off left, where `resume` says so and one did; otherwise with nothing.
   * @throws Error where that run had other settings
   */
  static async open(path: string, settings: StudySettings, resume: boolean): Promise<KeptParts> {
    const { seed, quick } = settings;
    const left = resume ? await readKept(path) : undefined;
    if (left !== undefined && (left.seed !== seed || left.quick !== quick)) {
      throw new Error(`${path}: is of a run with seed ${left.seed}${left.quick ? ', quick' : ''}`);
    }
    return new KeptParts(path, left ?? { seed, quick, seconds: 0, parts: {} });
  }

  /** By the clock, with those of the run that broke off. */
  get seconds(): number {
    return this.secondsBefore + (performance.now() - this.startedAt) / 1000;
  }

  /** What a part found, now or in the run that broke off. */
  async keep<Found>(part: string, work: () => Promise<Found>): Promise<Found> {
    if (Object.hasOwn(this.kept.parts, part)) return this.kept.parts[part] as Found;
    const found = await work();
    const parts = { ...this.kept.parts, [part]: found };
    this.kept = { ...this.kept, seconds: this.seconds, parts };
    await writeWhole(this.path, `${JSON.stringify(this.kept, null, 1)}\n`);
    return found;
  }

  async discard(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

async function readKept(path: string): Promise<Kept | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
