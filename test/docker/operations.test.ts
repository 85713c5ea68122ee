import { describe, expect, it } from 'vitest';
import { errorTable } from '../../src/errors.ts';
import { failureReasons, reasonOf } from '../../src/plugins/failure-reasons.ts';
import { ServiceMetrics } from '../../src/plugins/service-metrics.ts';
import { readText, rules, settings, shownMetrics } from './files.ts';

const page = readText('docs/operations.md');

/** The rows of the first table after a line, without its head; backquotes taken off each cell. */
function tableAfter(line: string, which = 0): string[][] {
  const section = page.slice(page.indexOf(`\n${line}\n`));
  const [table] = [...section.matchAll(/(?:^\|.*\|\n)+/gm)].slice(which);
  return table![0]
    .trim()
    .split('\n')
    .slice(2)
    .map((row) => row.slice(1, -1).split('|'))
    .map((cells) => cells.map((cell) => cell.trim().replaceAll('`', '')));
}

describe('docs/operations.md', () => {
  it('has every setting with its default', () => {
    const defaults = settings();
    const rows = tableAfter('## Settings');
    expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(defaults).sort());
    const dependent = ['SORI_DEFAULT_MODEL', 'SORI_WORKERS'];
    for (const [name, value] of rows)
      if (!dependent.includes(name!)) expect(value, name).toBe(defaults[name!]);
  });

  it('has every figure of Sori’s with its type and labels', async () => {
    const rows = tableAfter('## Metrics');
    const shown = [...(await shownMetrics())].filter(([name]) => name.startsWith('sori_'));
    expect(rows.map(([name, type]) => [name, type]).sort()).toEqual(shown.sort());
    const metrics = new ServiceMetrics(() => {
      throw new Error('nothing is looked up here');
    });
    for (const [name, , labels] of rows) {
      const metric = metrics.registry.getSingleMetric<string>(name!) as unknown as {
        labelNames: readonly string[];
      };
      expect(labels, name).toBe(metric.labelNames.join(', '));
    }
  });

  it('names figures of Node’s and of the process that there are', async () => {
    const shown = await shownMetrics();
    for (const [name] of page.matchAll(/\b(?:nodejs|process)_\w+\b/g))
      expect([...shown.keys()]).toContain(name);
  });

  it('has every reason of a failure with its codes', () => {
    const rows = tableAfter('## Metrics', 1);
    expect(rows.map(([reason]) => reason)).toEqual([...failureReasons]);
    const listed = rows.flatMap(([reason, , codes]) =>
      codes!.split(', ').map((code) => [code, reason]),
    );
    const byCode = Object.fromEntries(listed);
    for (const code of Object.keys(errorTable) as (keyof typeof errorTable)[])
      expect(byCode[code] ?? 'other', code).toBe(reasonOf[code]);
  });

  it('has every alert with its severity', () => {
    const alerts = rules().flatMap((rule) =>
      rule.alert === undefined ? [] : [[rule.alert, rule.labels!.severity]],
    );
    expect(tableAfter('## Alerts').map(([name, severity]) => [name, severity])).toEqual(alerts);
  });

  it('names the test of each abuse, in the file that has it', () => {
    for (const [abuse, file, name] of tableAfter('## Under abuse'))
      expect(readText(file!), abuse).toContain(name!);
  });

  it('names files that are there', () => {
    for (const [, path] of page.matchAll(/`((?:docker|src)\/[\w./-]+\.\w+)`/g))
      expect(() => readText(path!), path).not.toThrow();
  });
});
