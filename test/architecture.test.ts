import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { architectureViolations, importTable, machinePath } from './support/architecture.ts';
import { importsOf } from './support/source-imports.ts';

const top = fileURLToPath(new URL('..', import.meta.url));

/** The text files under a folder of the repository, by their paths from its top. */
function textsUnder(folder: string, name: RegExp): Map<string, string> {
  const entries = readdirSync(join(top, folder), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => relative(top, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  return new Map(paths.sort().map((path) => [path, readFileSync(join(top, path), 'utf8')]));
}

function violationsOf(files: Record<string, string>): string[] {
  return architectureViolations(new Map(Object.entries(files)));
}

describe('the import table', () => {
  it('holds for every source of src and routes', () => {
    const sources = new Map([...textsUnder('src', /\.ts$/u), ...textsUnder('routes', /\.ts$/u)]);
    expect(sources.size).toBeGreaterThan(20);
    expect(architectureViolations(sources)).toEqual([]);
  });

  it('runs one way: no part can reach itself through others', () => {
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      importTable[from]!.some((next) => {
        if (next === to) return true;
        if (seen.has(next)) return false;
        seen.add(next);
        return reaches(next, to, seen);
      });
    expect(Object.keys(importTable).filter((part) => reaches(part, part))).toEqual([]);
  });
});

describe('the repository', () => {
  it('names no path of a machine that it was written on', () => {
    const ours = readdirSync(top, { withFileTypes: true }).filter(
      ({ name }) => !['.git', '.cache', 'node_modules', 'runs', 'coverage'].includes(name),
    );
    const folders = ours.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const files = ours.filter((entry) => entry.isFile()).map(({ name }) => name);
    const text = /\.(?:ts|js|json|jsonc|ya?ml|md|html|css|sh)$|^(?:run|Dockerfile)$/u;
    const texts = [
      ...folders.flatMap((folder) => [...textsUnder(folder, text)]),
      ...files
        .filter((name) => text.test(name))
        .map((name) => [name, readFileSync(join(top, name), 'utf8')] as const),
    ].filter(([path]) => path !== 'test/architecture.test.ts');
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.filter(([, content]) => machinePath.test(content)).map(([path]) => path)).toEqual(
      [],
    );
  });
});

describe('architectureViolations', () => {
  const leaf = 'export const leaf = 1;';

  it('finds nothing wrong with imports that run down the table', () => {
    const tree = {
      'src/errors.ts': leaf,
      'src/math/random.ts': leaf,
      'src/ctc/greedy.ts':
        "import { a } from '../math/random.ts';\nimport type { B } from '../errors.ts';",
      'routes/transcriptions/index.ts':
        "import fastify from 'fastify';\nimport '../../src/ctc/greedy.ts';",
    };
    expect(violationsOf(tree)).toEqual([]);
  });

  it.each([
    ['a static import', "import { leaf } from '../ctc/loss.ts';"],
    ['an import over several lines', "import {\n  leaf,\n  other,\n} from '../ctc/loss.ts';"],
    ['an import of a type', "import type { Leaf } from '../ctc/loss.ts';"],
    ['an import for its effect', "import '../ctc/loss.ts';"],
    ['a re-export', "export { leaf } from '../ctc/loss.ts';"],
    ['a re-export of everything', "export * from '../ctc/loss.ts';"],
    ['a dynamic import', "const { leaf } = await import('../ctc/loss.ts');"],
    ['a type by import()', "let leaf: import('../ctc/loss.ts').Leaf;"],
    ['a worker’s URL', "new Worker(new URL('../ctc/loss.ts', import.meta.url));"],
  ])('finds %s against the table', (_, code) => {
    expect(violationsOf({ 'src/features/extractor.ts': code })).toEqual([
      'src/features/extractor.ts: features imports ctc (src/ctc/loss.ts)',
    ]);
  });

  it('finds a file that imports the server, or a folder without a line in the table', () => {
    expect(violationsOf({ 'src/cli/serve.ts': "import '../server.ts';" })).toEqual([
      'src/cli/serve.ts: imports src/server.ts',
    ]);
    expect(violationsOf({ 'src/utils/misc.ts': leaf })).toEqual([
      'src/utils/misc.ts: utils has no line in the import table',
    ]);
    expect(violationsOf({ 'src/math/random.ts': "import '../../test/reference/dft.ts';" })).toEqual(
      ['src/math/random.ts: imports test/reference/dft.ts from outside src and routes'],
    );
  });

  it('finds packages outside their homes', () => {
    const tree = {
      'src/recognition/recognizer.ts':
        "import fastify from 'fastify';\nimport ort from 'onnxruntime-node';",
      'src/cli/serve.ts': "import multipart from '@fastify/multipart';",
      'src/acoustic/session.ts': "import ort from 'onnxruntime-node';",
      'src/plugins/errors.ts': "import plugin from 'fastify-plugin';",
    };
    expect(violationsOf(tree)).toEqual([
      'src/recognition/recognizer.ts: imports fastify',
      'src/recognition/recognizer.ts: imports onnxruntime-node',
      'src/cli/serve.ts: imports @fastify/multipart',
    ]);
  });

  it('finds chance and environment outside their homes, but not in comments', () => {
    const tree = {
      'src/config.ts': 'export const port = process.env.PORT;',
      'src/math/a.ts':
        '// never Math.random\n/* nor\n process.env */\nexport const a = 1; // Math.random',
      'src/math/b.ts': 'export const b = Math.random();',
      'src/math/c.ts': "export const c = 'https://example.org' + process.env['HOST'];",
      'src/math/d.ts': "import { env } from 'node:process';",
    };
    expect(violationsOf(tree)).toEqual([
      'src/math/b.ts: uses Math.random',
      'src/math/c.ts: uses process.env',
      'src/math/d.ts: uses process.env',
    ]);
  });

  it('finds a path of one machine, even in a comment', () => {
    const tree = {
      'src/audio/a.ts': "// see /home/someone/notes\nconst a = './home/x';",
      'src/audio/b.ts': "const url = 'https://example.org/work/x'; const c = './work/';",
    };
    expect(violationsOf(tree)).toEqual(['src/audio/a.ts: names a path of one machine']);
  });

  it('finds a cycle of files inside one folder, types included', () => {
    const tree = {
      'src/math/a.ts': "import { b } from './b.ts';",
      'src/math/b.ts': "import type { C } from './c.ts';",
      'src/math/c.ts': "export { a } from './a.ts';",
    };
    expect(violationsOf(tree)).toEqual([
      'cycle: src/math/a.ts → src/math/b.ts → src/math/c.ts → src/math/a.ts',
    ]);
  });

  it('takes no worker’s URL for a cycle: the worker is another thread', () => {
    const tree = {
      'src/recognition/pool.ts': "new URL('./worker.ts', import.meta.url)",
      'src/recognition/worker.ts': "import type { Task } from './pool.ts';",
    };
    expect(violationsOf(tree)).toEqual([]);
  });
});

describe('importsOf', () => {
  it('reads what is imported and nothing from comments', () => {
    const source = [
      "import a, { type B } from './a.ts'; // import c from './c.ts'",
      "/** import d from './d.ts' */",
      "const url = 'http://x'; const e = await import('pkg/e');",
    ].join('\n');
    expect(importsOf('src/math/x.ts', source)).toEqual([
      { target: 'src/math/a.ts', isPackage: false, isUrl: false },
      { target: 'pkg/e', isPackage: true, isUrl: false },
    ]);
  });
});
