import { dirname, join, normalize } from 'node:path/posix';

/** One file naming another file or a package. */
export type ImportEdge = {
  /** A path from the top of the tree (`src/math/random.ts`), or a package's name as written. */
  readonly target: string;
  readonly isPackage: boolean;
  /** By `new URL('./worker.ts', import.meta.url)`: another thread loads it, so it makes no cycle. */
  readonly isUrl: boolean;
};

/** Every import of a TypeScript source: static, re-exported, dynamic, of types, and worker URLs. */
export function importsOf(path: string, source: string): ImportEdge[] {
  const code = withoutComments(source);
  const named = [
    // import … from 'x', export … from 'x', import 'x'; the clause between holds no quote
    ...code.matchAll(/^[ \t]*(?:import|export)\b[^'"`;()]*?\bfrom\s*(['"])([^'"]+)\1/gmu),
    ...code.matchAll(/^[ \t]*import\s*(['"])([^'"]+)\1/gmu),
    // import('x'), also as a type; require('x'), require.resolve('x')
    ...code.matchAll(/\bimport\s*\(\s*(['"`])([^'"`]+)\1/gu),
    ...code.matchAll(/\brequire(?:\.resolve)?\s*\(\s*(['"`])([^'"`]+)\1/gu),
  ].map((match) => edge(path, match[2]!, false));
  const urls = [
    ...code.matchAll(/\bnew\s+URL\(\s*(['"`])([^'"`]+\.ts)\1\s*,\s*import\.meta\.url/gu),
  ].map((match) => edge(path, match[2]!, true));
  return [...named, ...urls];
}

function edge(path: string, name: string, isUrl: boolean): ImportEdge {
  const isPackage = !name.startsWith('.');
  return {
    target: isPackage ? name : normalize(join(dirname(path), name)),
    isPackage,
    isUrl,
  };
}

/** The source with comments blanked out; strings that look like comments are kept. */
export function withoutComments(source: string): string {
  return source.replace(
    /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/gu,
    (match, string) => (string === undefined ? match.replace(/[^\n]/gu, ' ') : match),
  );
}
