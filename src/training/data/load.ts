import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DataConfig } from './config.ts';
import { type Corpus, type LoadOptions, loadCorpus, loadRecordings } from './corpus.ts';
import type { PackedAudio } from './packed-audio.ts';

export type LoadedData = {
  /** By the manifest's name in the configuration. */
  readonly corpora: Readonly<Record<string, Corpus>>;
  readonly noise: PackedAudio;
};

/** Finds a path of the configuration below the first root that has it. */
export async function findBelow(roots: readonly string[], path: string): Promise<string> {
  for (const root of roots) {
    const candidate = resolve(root, path);
    if (await stat(candidate).catch(() => undefined)) return candidate;
  }
  throw new Error(`${path} is in none of the corpora roots: ${roots.join(', ') || '(none given)'}`);
}

/** Names of all manifests that the sources read, each once. */
export function manifestsOf(config: DataConfig): string[] {
  const pools = config.sources.flatMap((source) => {
    if (source.kind === 'background') return [];
    return source.kind === 'assembled'
      ? [...source.pools, ...(source.fillers?.pools ?? [])]
      : source.pools;
  });
  return [...new Set(pools.map((pool) => pool.manifest))];
}

/**
 * Loads all recordings that a configuration names.
 * @param roots folders that hold the corpora
 * @throws ManifestError, or Error for a file that is in none of the roots or cannot be decoded
 */
export async function loadTrainingData(
  config: DataConfig,
  roots: readonly string[],
  options: LoadOptions,
): Promise<LoadedData> {
  const corpora: Record<string, Corpus> = {};
  for (const manifest of manifestsOf(config)) {
    corpora[manifest] = await loadCorpus(await findBelow(roots, manifest), options);
  }
  const recordings: string[] = [];
  for (const path of config.noise) {
    const found = await findBelow(roots, path);
    if (!(await stat(found)).isDirectory()) recordings.push(found);
    else for (const name of (await readdir(found)).sort()) recordings.push(join(found, name));
  }
  return { corpora, noise: await loadRecordings(recordings, options) };
}
