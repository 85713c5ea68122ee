import type { StudyReport } from '../study.ts';
import { fillTemplate } from './template.ts';

export const pageLanguages = ['en', 'ko'] as const;
export type PageLanguage = (typeof pageLanguages)[number];

const words: Readonly<
  Record<PageLanguage, { holds: string; fails: string; open: string; generated: string }>
> = {
  en: {
    holds: '**holds**',
    fails: '**does not hold**',
    open: '**is not decided**',
    generated: 'Written by `npm run docs:theory` from',
  },
  ko: {
    holds: '**성립한다**',
    fails: '**성립하지 않는다**',
    open: '**가려지지 않았다**',
    generated: '`npm run docs:theory`가 다음에서 만든 쪽이다:',
  },
};

/**
 * A page of `docs/theory`: its template with the numbers of a study's report. Beside the report's own keys a
 * template has `verdict.<claim>`, in its language, and `evidence.<claim>`.
 */
export function theoryPage(template: string, language: PageLanguage, report: StudyReport): string {
  const { holds, fails, open, generated } = words[language];
  const verdict = Object.fromEntries(
    report.claims.map((claim) => [
      claim.name,
      claim.holds === null ? open : claim.holds ? holds : fails,
    ]),
  );
  const evidence = Object.fromEntries(report.claims.map((claim) => [claim.name, claim.measured]));
  const page = fillTemplate(template, { ...report, ...report.findings, verdict, evidence });
  return `<!-- ${generated} templates/${report.study}.${language}.md, results/${report.study}.json -->\n${page}`;
}
