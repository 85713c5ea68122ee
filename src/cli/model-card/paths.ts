import { basename, relative, resolve, sep } from 'node:path';

/**
 * A path as a card shows it in a command: relative where it lies below the working directory or beside it
 * (in the same folder), else the last part alone, because where a machine keeps its corpora is nobody
 * else's business.
 */
export function pathToShow(path: string): string {
  const parts = relative(process.cwd(), resolve(path)).split(sep);
  const isNear = parts[0] !== '..' || (parts.length > 1 && parts[1] !== '..');
  return isNear && parts[0] !== '' ? parts.join('/') : basename(resolve(path));
}
