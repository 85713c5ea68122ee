import { describe, expect, it } from 'vitest';
import {
  manifestsOfCorpus,
  setsOfSpeaker,
  withoutCorpus,
  withoutSpeaker,
} from '../../src/training/hold-out.ts';
import { toneConfiguration } from './tones.ts';

const pool = (manifest: string) => ({ manifest, excludeSpeakers: ['noisy'] });

const configuration = toneConfiguration({
  data: {
    sources: [
      {
        name: 'single',
        kind: 'single',
        weight: 1,
        pools: [pool('a/train.jsonl'), pool('b/x.jsonl')],
      },
      {
        name: 'strings',
        kind: 'assembled',
        weight: 1,
        pools: [pool('a/train.jsonl')],
        fillers: { probability: 0.1, pools: [pool('a/others.jsonl')] },
      },
      { name: 'nothing', kind: 'background', weight: 1 },
    ],
  },
  devSets: [
    { name: 'a', manifest: 'a/dev.jsonl' },
    { name: 'ab', manifest: 'ab/dev.jsonl' },
  ],
});

describe('leaving a speaker out', () => {
  it('takes the speaker out of every pool and dev set of the corpus, and of no other', () => {
    const { name, data, devSets } = withoutSpeaker(configuration, 'a', 'Anna');
    expect(name).toBe('tones-without-anna');
    const excluded = (source: (typeof data.sources)[number] | undefined) =>
      source?.kind === 'background' ? [] : source?.pools.map((each) => each.excludeSpeakers);
    expect(excluded(data.sources[0])).toEqual([['noisy', 'Anna'], ['noisy']]);
    expect(excluded(data.sources[1])).toEqual([['noisy', 'Anna']]);
    expect(data.sources[1]).toMatchObject({
      fillers: { pools: [{ manifest: 'a/others.jsonl', excludeSpeakers: ['noisy', 'Anna'] }] },
    });
    expect(devSets.map((set) => set.excludeSpeakers)).toEqual([['Anna'], []]);
  });

  it('takes a whole corpus out, and the sources that had nothing else', () => {
    const { name, data, devSets } = withoutCorpus(configuration, 'a');
    expect(name).toBe('tones-without-a');
    expect(data.sources.map((source) => source.name)).toEqual(['single', 'nothing']);
    expect(data.sources[0]).toMatchObject({ pools: [{ manifest: 'b/x.jsonl' }] });
    expect(devSets.map((set) => set.name)).toEqual(['ab']);
  });

  it('measures on what the speaker says in all manifests of the corpus', () => {
    const manifests = manifestsOfCorpus(configuration, 'a');
    expect(manifests).toEqual(['a/train.jsonl', 'a/others.jsonl', 'a/dev.jsonl']);
    expect(setsOfSpeaker(['a/dev.jsonl'], 'Anna')).toMatchObject([
      { manifest: 'a/dev.jsonl', speakers: ['Anna'], text: 'inside', weight: 0 },
    ]);
  });
});
