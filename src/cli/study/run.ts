import { cpus } from 'node:os';
import { join } from 'node:path';
import { type StudyName, studies } from '../../studies/registry.ts';
import type { StudyReport, StudySettings } from '../../studies/study.ts';
import { writeWhole } from '../../training/write-whole.ts';
import { type Progress, startProgress } from '../progress.ts';
import { today } from '../today.ts';
import { loadPngWriter } from './png.ts';

/** Runs a study and writes `<name>.json` and its plots, `<name>-<plot>.svg` and `.png`, into a folder. */
export async function runStudy(
  name: StudyName,
  options: StudySettings & { out: string; png: boolean; signal: AbortSignal },
): Promise<StudyReport> {
  const { seed, quick, out, signal } = options;
  const study = await studies[name].load();
  const start = performance.now();
  let bar: Progress | undefined;
  const progress = (done: number, total: number): void => {
    bar ??= startProgress(`study ${name}`, total);
    bar.update(done);
  };
  const findings = await study.run({ seed, quick, signal, progress }).finally(() => bar?.stop());
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
    seconds: Math.round((performance.now() - start) / 1000),
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
  return report;
}
