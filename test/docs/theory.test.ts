import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pageLanguages, theoryPage } from '../../src/studies/pages/page.ts';
import { studies, studyNames } from '../../src/studies/registry.ts';
import type { StudyReport } from '../../src/studies/study.ts';

const docs = fileURLToPath(new URL('../../docs/theory', import.meta.url));
const readText = (path: string) => readFileSync(join(docs, path), 'utf8');
const reportOf = (name: string) => JSON.parse(readText(`results/${name}.json`)) as StudyReport;
const pagePath = (name: string, language: string) =>
  language === 'en' ? `${name}.md` : `${name}.${language}.md`;

describe.each(studyNames)('the pages on %s', (name) => {
  it.each(pageLanguages)('have the numbers of the results: %s', (language) => {
    const template = readText(`templates/${name}.${language}.md`);
    const page = readText(pagePath(name, language));
    expect(page).toBe(theoryPage(template, language, reportOf(name)));
  });

  it('judge every claim, and show every plot, in each language', () => {
    const { claims, findings } = reportOf(name);
    expect(claims.length).toBeGreaterThan(0);
    expect(Object.keys(findings).length).toBeGreaterThan(0);
    for (const language of pageLanguages) {
      const template = readText(`templates/${name}.${language}.md`);
      const judged = [...template.matchAll(/\{\{verdict\.([\w-]+)\}\}/gu)].map(
        ([, claim]) => claim,
      );
      expect([...new Set(judged)].sort(), language).toEqual(
        claims.map((claim) => claim.name).sort(),
      );
    }
  });

  it('come of a full run with the code as it is: claims and plots are those of the findings', async () => {
    const report = reportOf(name);
    const study = await studies[name].load();
    expect(report.quick).toBe(false);
    expect(report.claims).toEqual(study.claims(report.findings));
    for (const [plot, svg] of Object.entries(study.plots(report.findings))) {
      expect(readText(`results/${name}-${plot}.svg`) === svg, plot).toBe(true);
      for (const language of pageLanguages) {
        expect(readText(pagePath(name, language))).toContain(`(results/${name}-${plot}.svg)`);
      }
    }
  });
});

describe('docs/theory', () => {
  const pages = ['README.md', 'README.ko.md'].concat(
    studyNames.flatMap((name) => pageLanguages.map((language) => pagePath(name, language))),
  );

  it('has links that lead somewhere', () => {
    for (const page of pages) {
      const links = [...readText(page).matchAll(/\]\((?!https?:)([^)#]+)/gu)].map(
        ([, link]) => link!,
      );
      expect(links.length, page).toBeGreaterThan(0);
      const broken = links.filter(
        (link) => !existsSync(join(docs, normalize(join(dirname(page), link)))),
      );
      expect(broken, page).toEqual([]);
    }
  });

  it('names sources that are there', () => {
    for (const page of pages) {
      const files = [...readText(page).matchAll(/`(src\/[\w./-]+)`/gu)].map(([, file]) => file!);
      const missing = files.filter((file) => !existsSync(join(docs, '../..', file)));
      expect(missing, page).toEqual([]);
    }
  });
});
