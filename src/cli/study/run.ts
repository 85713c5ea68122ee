import { cpus } from 'node:os';
import { join } from 'node:path';
import { type StudyName, studies } from '../../studies/registry.ts';
import type { StudyReport, StudySettings } from '../../studies/study.ts';
import { writeWhole } from '../../training/write-whole.ts';
import { type Progress, startProgress } from '../progress.ts';
import { today } from '../today.ts';
import { KeptParts } from './kept-parts.ts';
import { loadPngWriter } from './png.ts';

export type RunStudyOptions = StudySettings & {
  readonly corpora: readonly string[];
  readonly out: string;
  readonly png: boolean;
  /** Take up a run that broke off. */
  readonly resume: boolean;
  readonly signal: AbortSignal;
};

/**
 * Runs a study and writes `<name>.json` and its plots, `<name>-<plot>.svg` and `.png`, into a folder; until it is
 * done, the parts that are into `<name>.parts.json`.
 */
export async function runStudy(name: StudyName, options: RunStudyOptions): Promise<StudyReport> {
  const { seed, quick, corpora, out, signal } = options;
  const study = await studies[name].load();
  const parts = await KeptParts.open(join(out, `${name}.parts.json`), options, options.resume);
  let bar: Progress | undefined;
  const progress = (done: number, total: number): void => {
    bar ??= startProgress(`study ${name}`, total);
    bar.update(done);
  };
  const findings = await study
    .run({
      seed,
      quick,
      corpora,
      signal,
      progress,
      keep: (part, work) => parts.keep(part, work),
    })
    .finally(() => bar?.stop());
  const report: StudyReport = {
    study: name,
    command: `sori study ${name}${seed === 1 ? '' : ` --seed ${seed}`}${quick ? ' --quick' : ''}`,
    seed,
    quick,
    date: today(),
    machine: {
      processor: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      node: process.version,
    },
    seconds: Math.round(parts.seconds),
    claims: study.claims(findings),
    findings,
  };
  const plots = Object.entries(study.plots(findings));
  const toPng = options.png ? await loadPngWriter() : undefined;
  for (const [plot, svg] of plots) {
    const path = join(out, `${name}-${plot}`);
    await writeWhole(`${path}.svg`, svg);
    if (toPng !== undefined) await writeWhole(`${path}.png`, toPng(svg));
  }
  // Last, so that a folder with a result has the plots of that result.
  await writeWhole(join(out, `${name}.json`), `${JSON.stringify(report, null, 1)}\n`);
  await parts.discard();
  return report;
}
