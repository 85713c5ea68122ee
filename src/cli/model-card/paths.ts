import { basename, relative, resolve } from 'node:path';

/**
 * A path as a card shows it in a command: relative where it lies below the working directory, else the
 * last part alone, because where a machine keeps its corpora is nobody else's business.
 */
export function pathToShow(path: string): string {
  const below = relative(process.cwd(), resolve(path));
  return below === '' || below.startsWith('..') ? basename(resolve(path)) : below;
}
