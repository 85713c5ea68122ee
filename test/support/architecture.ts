import { importsOf, withoutComments } from './source-imports.ts';

const beneathRecognition = [
  'acoustic',
  'ctc',
  'hmm',
  'evaluation',
  'decoding',
  'language',
  'alphabet',
  'features',
  'audio',
  'math',
];
const base = ['audio', 'math'];
const middle = ['decoding', 'language', 'alphabet', 'features', ...base];
const everythingButRoutes = [...beneathRecognition, 'recognition', 'onnx', 'training'];

/**
 * What each part may import besides itself and errors.ts: the table that CONTRIBUTING.md shows. A part is
 * a folder of src, a file of src, or `routes`.
 */
export const importTable: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  'config.ts': [],
  math: [],
  audio: [],
  onnx: [],
  decoding: [...base, 'language'],
  language: base,
  alphabet: base,
  features: base,
  acoustic: middle,
  ctc: middle,
  hmm: middle,
  evaluation: ['decoding', 'language', 'alphabet', 'math'],
  recognition: beneathRecognition,
  training: [...beneathRecognition, 'recognition', 'onnx'],
  studies: everythingButRoutes,
  cli: [...everythingButRoutes, 'studies', 'config.ts'],
  plugins: [...beneathRecognition, 'recognition', 'config.ts'],
  routes: [...beneathRecognition, 'recognition', 'plugins', 'config.ts'],
  'app.ts': [...beneathRecognition, 'recognition', 'plugins', 'routes', 'config.ts'],
  'server.ts': [...beneathRecognition, 'recognition', 'plugins', 'config.ts', 'app.ts'],
};

/** Packages with one home: who may import them. */
const packageHomes: readonly { pattern: RegExp; parts: readonly string[] }[] = [
  { pattern: /^@?fastify\b/u, parts: ['server.ts', 'app.ts', 'plugins', 'routes'] },
  { pattern: /^@opentelemetry\//u, parts: ['plugins'] },
  { pattern: /^onnxruntime-/u, parts: ['acoustic', 'training'] },
];

/** Words that the code of a part may not hold. */
const forbiddenWords: readonly { pattern: RegExp; what: string; except: readonly string[] }[] = [
  { pattern: /\bMath\s*\.\s*random\b/u, what: 'Math.random', except: [] },
  {
    pattern:
      /\bprocess\s*(?:\.\s*env\b|\[\s*['"]env['"])|\benv\b[^;\n]*from\s*['"](?:node:)?process/u,
    what: 'process.env',
    except: ['config.ts'],
  },
];

/** Absolute paths that exist on one developer's machine only. */
export const machinePath = /(?:^|[^\w.~-])(?:\/(?:work|farm|home|Users)\/|[A-Z]:\\Users\\)/u;

/** What breaks the rules in a tree of sources (path from the top → text), one sentence each. */
export function architectureViolations(sources: ReadonlyMap<string, string>): string[] {
  const violations: string[] = [];
  const graph = new Map<string, string[]>();
  for (const [path, source] of sources) {
    const part = partOf(path);
    const allowed = importTable[part];
    if (allowed === undefined) {
      violations.push(`${path}: ${part} has no line in the import table`);
      continue;
    }
    const edges = importsOf(path, source);
    for (const { target, isPackage } of edges) {
      const complaint = isPackage ? packageComplaint(part, target) : fileComplaint(part, target);
      if (complaint !== undefined) violations.push(`${path}: ${complaint}`);
    }
    const code = withoutComments(source);
    for (const { pattern, what, except } of forbiddenWords) {
      if (pattern.test(code) && !except.includes(part)) violations.push(`${path}: uses ${what}`);
    }
    if (machinePath.test(source)) violations.push(`${path}: names a path of one machine`);
    const loaded = edges.filter(({ isPackage, isUrl }) => !isPackage && !isUrl);
    graph.set(
      path,
      loaded.map(({ target }) => target),
    );
  }
  return [...violations, ...importCycles(graph).map((cycle) => `cycle: ${cycle.join(' → ')}`)];
}

function partOf(path: string): string {
  const segments = path.split('/');
  return segments[0] === 'src' ? segments[1]! : segments[0]!;
}

function packageComplaint(part: string, name: string): string | undefined {
  const home = packageHomes.find(({ pattern }) => pattern.test(name));
  return home === undefined || home.parts.includes(part) ? undefined : `imports ${name}`;
}

function fileComplaint(part: string, target: string): string | undefined {
  if (target.endsWith('.json')) return undefined;
  if (target === 'src/server.ts') return 'imports src/server.ts';
  if (!/^(?:src|routes)\//u.test(target)) return `imports ${target} from outside src and routes`;
  const other = partOf(target);
  const free = other === part || other === 'errors.ts' || importTable[part]!.includes(other);
  return free ? undefined : `${part} imports ${other} (${target})`;
}

/** One cycle for each file from which a depth-first walk comes back to a file on its way. */
function importCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (path: string): void => {
    const start = way.indexOf(path);
    if (start >= 0) cycles.push([...way.slice(start), path]);
    if (start >= 0 || done.has(path)) return;
    way.push(path);
    for (const target of graph.get(path) ?? []) visit(target);
    way.pop();
    done.add(path);
  };
  for (const path of graph.keys()) visit(path);
  return cycles;
}
