import type { DevSetConfig, TrainingConfiguration } from './configuration.ts';
import { clipFilterSchema, type SourceConfig } from './data/config.ts';
import { manifestsOf } from './data/load.ts';

type Pools = Extract<SourceConfig, { kind: 'single' }>['pools'];

/**
 * The configuration with one speaker of a corpus (the folder its manifests are in) left out of all that
 * training reads and of the dev sets that choose its weights.
 */
export function withoutSpeaker(
  configuration: TrainingConfiguration,
  corpus: string,
  speaker: string,
): TrainingConfiguration {
  const exclude = <Filter extends { manifest: string; excludeSpeakers: string[] }>(
    filter: Filter,
  ): Filter =>
    isOf(corpus, filter.manifest)
      ? { ...filter, excludeSpeakers: [...filter.excludeSpeakers, speaker] }
      : filter;
  const excludeAll = (pools: Pools) => pools.map(exclude);
  const sources = configuration.data.sources.map((source): SourceConfig => {
    if (source.kind === 'background') return source;
    const pools = excludeAll(source.pools);
    if (source.kind !== 'assembled' || source.fillers === undefined) return { ...source, pools };
    return {
      ...source,
      pools,
      fillers: { ...source.fillers, pools: excludeAll(source.fillers.pools) },
    };
  });
  return {
    ...configuration,
    name: `${configuration.name}-without-${speaker.toLowerCase()}`,
    data: { ...configuration.data, sources },
    devSets: configuration.devSets.map(exclude),
  };
}

/** The configuration without anything of a corpus, neither to learn from nor to choose by. */
export function withoutCorpus(
  configuration: TrainingConfiguration,
  corpus: string,
): TrainingConfiguration {
  const isElse = ({ manifest }: { manifest: string }) => !isOf(corpus, manifest);
  const sources = configuration.data.sources.flatMap((source): SourceConfig[] => {
    if (source.kind === 'background') return [source];
    const pools = source.pools.filter(isElse);
    if (pools.length === 0) return [];
    if (source.kind !== 'assembled' || source.fillers === undefined) return [{ ...source, pools }];
    const fillerPools = source.fillers.pools.filter(isElse);
    const { fillers: all, ...rest } = source;
    const fillers = fillerPools.length > 0 ? { fillers: { ...all, pools: fillerPools } } : {};
    return [{ ...rest, pools, ...fillers }];
  });
  return {
    ...configuration,
    name: `${configuration.name}-without-${corpus.toLowerCase()}`,
    data: { ...configuration.data, sources },
    devSets: configuration.devSets.filter(isElse),
  };
}

/** The manifests of a corpus that a configuration reads, to learn from or to choose by. */
export function manifestsOfCorpus(configuration: TrainingConfiguration, corpus: string): string[] {
  const devManifests = configuration.devSets.map(({ manifest }) => manifest);
  const manifests = new Set([...manifestsOf(configuration.data), ...devManifests]);
  return [...manifests].filter((manifest) => isOf(corpus, manifest));
}

/** All that the speaker says within the vocabulary in these manifests, as sets to measure. */
export function setsOfSpeaker(manifests: readonly string[], speaker: string): DevSetConfig[] {
  return manifests.map((manifest) => ({
    ...clipFilterSchema.parse({ manifest, text: 'inside', speakers: [speaker] }),
    name: speaker,
    weight: 0,
    score: 'wordErrors',
  }));
}

function isOf(corpus: string, manifest: string): boolean {
  return manifest.startsWith(`${corpus}/`);
}
