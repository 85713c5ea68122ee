import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pageLanguages, theoryPage } from '../../studies/pages/page.ts';
import { studyNames } from '../../studies/registry.ts';
import type { StudyReport } from '../../studies/study.ts';
import { writeWhole } from '../../training/write-whole.ts';
import { UsageError } from '../failures.ts';

/**
 * Writes `<name>.md` and `<name>.ko.md` of the named studies, or of all, from `templates/<name>.<language>.md`
 * and `results/<name>.json`.
 * @returns the paths written
 */
export async function writePages(docs: string, names: readonly string[]): Promise<string[]> {
  const unknown = names.find((name) => !studyNames.some((known) => known === name));
  if (unknown !== undefined) {
    throw new UsageError(`expected studies of ${studyNames.join(', ')}, got ${unknown}`);
  }
  const paths: string[] = [];
  for (const name of names.length > 0 ? names : studyNames) {
    const report = JSON.parse(
      await readFile(join(docs, 'results', `${name}.json`), 'utf8'),
    ) as StudyReport;
    for (const language of pageLanguages) {
      const template = await readFile(join(docs, 'templates', `${name}.${language}.md`), 'utf8');
      const path = join(docs, language === 'en' ? `${name}.md` : `${name}.${language}.md`);
      await writeWhole(path, theoryPage(template, language, report));
      paths.push(path);
    }
  }
  return paths;
}
