import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's top: paths of what the page consists of are from here. */
const top = new URL('../../', import.meta.url);

export function readPart(path: string): Buffer {
  return readFileSync(fileURLToPath(new URL(path, top)));
}

/** A static import or re-export, with the module that it names. */
const importPattern =
  /^\s*(?:import|export)\s*(?:[\w*{][^;'"]*?\bfrom\s*)?['"](?<target>[^'"]+)['"]\s*;/gmu;

/**
 * The TypeScript modules that a module needs, itself included, by their paths from the top, with the
 * JavaScript that each is once its types are blanked out, as Node does for the service itself. The browser
 * loads them one by one under the same names: there is no bundle, and no second copy of any code.
 *
 * Throws `RangeError` when one needs a package, which a browser cannot find.
 */
export function modulesOf(entry: string): Map<string, string> {
  const modules = new Map<string, string>();
  const visit = (path: string): void => {
    if (modules.has(path)) return;
    const script = stripTypeScriptTypes(readPart(path).toString('utf8'));
    modules.set(path, script);
    for (const { groups } of script.matchAll(importPattern)) {
      const { target } = groups as { target: string };
      if (!target.startsWith('.'))
        throw new RangeError(
          `[modulesOf] expected imports of files, got "${target}" imported by ${path}`,
        );
      visit(posix.join(posix.dirname(path), target));
    }
  };
  visit(entry);
  return modules;
}
