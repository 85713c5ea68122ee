import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Names in a folder, sorted by code points. */
export async function namesIn(folder: string, kind: 'file' | 'folder'): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => (kind === 'file' ? entry.isFile() : entry.isDirectory()))
    .map(({ name }) => name)
    .sort();
}

/** Paths of all files below a folder whose names match, sorted by code points. */
export async function filesBelow(folder: string, name: RegExp): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The lines of a text file that hold more than white space, with their numbers from 1. */
export async function linesOf(path: string): Promise<{ text: string; where: string }[]> {
  const content = await readFile(path, 'utf8');
  return content
    .split(/\r?\n/u)
    .map((text, index) => ({ text: text.trim(), where: `${path}:${index + 1}` }))
    .filter(({ text }) => text !== '');
}

/** A line's first field and the rest of it, as Kaldi's tables have them. */
export function keyAndRest(line: string): [key: string, rest: string] {
  const [key] = line.split(/\s/u, 1);
  return [key!, line.slice(key!.length).trim()];
}
