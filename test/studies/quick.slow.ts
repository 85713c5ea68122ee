import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runStudy } from '../../src/cli/study/run.ts';
import { pageLanguages, theoryPage } from '../../src/studies/pages/page.ts';
import { studyNames } from '../../src/studies/registry.ts';
import type { StudyReport } from '../../src/studies/study.ts';
import { temporaryFolder } from '../support/tiny-model.ts';

/** Claims that even a quick run must find to hold: those about what is computed, not what is learned. */
const exactClaims: Readonly<Record<(typeof studyNames)[number], readonly string[]>> = {
  rtrl: ['exact', 'memory-constant', 'memory-grows', 'online'],
  gradients: ['vanishes', 'explodes', 'bounded', 'forget-bias'],
  lags: [],
  networks: ['equal'],
  ctc: ['counted', 'loss-counts', 'starts-uniform', 'flat-to-spikes'],
  lengths: [],
};

/** What is left of a report when times, which no seed decides, are taken out. */
const withoutTimes = ({ findings }: StudyReport) =>
  JSON.stringify(findings, (key, value) =>
    /seconds|bytes|timeRatio|exponents/iu.test(key) ? undefined : value,
  );

describe.each(studyNames)('sori study %s --quick', (name) => {
  it('finds what is exact, the same twice, and what its pages need', async () => {
    const folder = await temporaryFolder();
    try {
      const run = (out: string, png: boolean) =>
        runStudy(name, {
          seed: 1,
          quick: true,
          corpora: [],
          resume: false,
          out: join(folder.path, out),
          png,
          signal: new AbortController().signal,
        });
      const report = await run('first', true);
      const holding = report.claims.filter(({ holds }) => holds).map((claim) => claim.name);
      expect(holding).toEqual(expect.arrayContaining([...exactClaims[name]]));
      for (const language of pageLanguages) {
        const path = `../../docs/theory/templates/${name}.${language}.md`;
        const template = await readFile(join(import.meta.dirname, path), 'utf8');
        expect(theoryPage(template, language, report)).not.toContain('NaN');
      }
      const files = await readdir(join(folder.path, 'first'));
      expect(files).toContain(`${name}.json`);
      const plots = (kind: string) => files.filter((file) => file.endsWith(kind)).length;
      expect(plots('.svg')).toBeGreaterThan(0);
      expect(plots('.png')).toBe(plots('.svg'));
      expect(withoutTimes(await run('second', false))).toBe(withoutTimes(report));
    } finally {
      await folder.remove();
    }
  });
});
