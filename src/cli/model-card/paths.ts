import { basename, relative, resolve, sep } from 'node:path';

/**
 * A path as a card shows it in a command: relative where it lies below the working directory; what lies in a folder
 * beside that, from inside this folder; else the last part alone, because where a machine keeps its corpora is
 * nobody else's business.
 */
export function pathToShow(path: string): string {
  const parts = relative(process.cwd(), resolve(path)).split(sep);
  const shown = parts[0] === '..' && parts[1] !== '..' ? parts.slice(2) : parts;
  const isNear = shown.length > 0 && shown[0] !== '' && shown[0] !== '..';
  return isNear ? shown.join('/') : basename(resolve(path));
}
