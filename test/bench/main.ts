/**
 * npm run bench [name …] [-- --json] [-- --runs N] [-- --corpora DIR]
 * Runs the named benches, or all of them, and prints a table, or with --json one object a line. Errors are
 * measured where there are recordings to measure them on: DIR has a folder for each corpus, with its dev.jsonl.
 */
import { parseArgs } from 'node:util';
import type { BenchContext, BenchRow } from './harness.ts';

type Bench = { run(context: BenchContext): Promise<BenchRow[]> };

/** Each is a file beside this one. */
const benches = [
  'audio',
  'features',
  'ctc-loss',
  'ctc-beam',
  'hotwords',
  'training-step',
  'hmm',
  'lm',
  'service',
  'quantisation',
  'page',
] as const;

// Imported only when asked for: a bench may start workers or load native libraries on import.
const load = (name: string) => import(`./${name}.ts`) as Promise<Bench>;

function usageError(message: string): never {
  console.error(`${message}\nusage: npm run bench [name …] -- [--json] [--runs N] [--corpora DIR]`);
  console.error(`names: ${benches.join(', ')}`);
  process.exit(2);
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        runs: { type: 'string', default: '9' },
        corpora: { type: 'string' },
      },
    });
  } catch (error) {
    return usageError((error as Error).message);
  }
}

/** Three significant digits, no exponent. */
function short(value: number): string {
  return value >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function printTable(rows: readonly BenchRow[]): void {
  const cells = [
    ['bench', 'case', 'value', 'unit', 'ratio', 'baseline'],
    ...rows.map((row) => [
      row.bench,
      row.case,
      short(row.value),
      row.unit,
      row.ratio === undefined ? '' : short(row.ratio),
      row.baseline ?? '',
    ]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  for (const row of cells)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
}

const { values: options, positionals } = parse();
const runs = Number(options.runs);
if (!Number.isInteger(runs) || runs < 1)
  usageError(`--runs expected a whole number of at least 1, got ${options.runs}`);
const names = positionals.length > 0 ? positionals : benches;
for (const name of names)
  if (!benches.some((bench) => bench === name)) usageError(`there is no bench named ${name}`);

const { corpora } = options;
const context: BenchContext = { runs, corpora, log: (message) => console.error(message) };
const rows: BenchRow[] = [];
for (const name of names) {
  context.log(`${name} …`);
  const bench = await load(name);
  for (const row of await bench.run(context)) {
    if (options.json) console.log(JSON.stringify(row));
    rows.push(row);
  }
}
if (!options.json) printTable(rows);
