import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/math/random.ts';
import { augmentationSchema } from '../../../src/training/augmentation/config.ts';
import {
  assembledChooser,
  LevelCache,
  utterancesChooser,
} from '../../../src/training/data/chooser.ts';
import { clipOf, measureClip } from '../../../src/training/data/clip.ts';
import type { AssembledConfig, UtterancesConfig } from '../../../src/training/data/config.ts';
import { clipFilterSchema, poolSchema, sourceSchema } from '../../../src/training/data/config.ts';
import { layOut } from '../../../src/training/data/plan.ts';
import { Pool, WordDrawer } from '../../../src/training/data/pool.ts';
import { selectRows, textKindOf } from '../../../src/training/data/selection.ts';
import { makeCorpus, sampleRateHz } from './corpora.ts';

const vocabulary = new Set(['one', 'two', 'three']);
const pool = (corpus: ReturnType<typeof makeCorpus>, change: object = {}) =>
  new Pool(poolSchema.parse({ manifest: 'm', ...change }), corpus, vocabulary);

describe('selection', () => {
  test('tells texts inside the vocabulary from those outside, mixed and empty', () => {
    expect(textKindOf(['one', 'two'], vocabulary)).toBe('inside');
    expect(textKindOf(['one', 'hello'], vocabulary)).toBe('mixed');
    expect(textKindOf(['hello'], vocabulary)).toBe('outside');
    expect(textKindOf([], vocabulary)).toBe('empty');
    expect(textKindOf(['anything'], undefined)).toBe('inside');
  });

  test('lets through what each filter says', () => {
    const corpus = makeCorpus(['one', 'one two', 'hello one', 'hello', ''], ['anna', 'ben']);
    const textsOf = (filter: object) =>
      selectRows(corpus, clipFilterSchema.parse({ manifest: 'm', ...filter }), vocabulary).map(
        (row) => `${corpus.rows[row]!.speaker}: ${corpus.rows[row]!.words.join(' ')}`,
      );
    expect(textsOf({ excludeSpeakers: ['ben'], text: 'inside' })).toEqual([
      'anna: one',
      'anna: one two',
    ]);
    expect(textsOf({ speakers: ['ben'], text: 'mixed' })).toEqual(['ben: hello one']);
    expect(textsOf({ speakers: ['ben'], text: 'outside' })).toEqual(['ben: hello']);
    expect(textsOf({ speakers: ['ben'], excludeWords: ['hello'], minWords: 1 })).toEqual([
      'ben: one',
      'ben: one two',
    ]);
    expect(
      textsOf({ speakers: ['ben'], maxWords: 1, maxSeconds: 0.5, minSeconds: 0.5 }),
    ).toHaveLength(3);
    expect(textsOf({})).toHaveLength(10);
  });
});

describe('measureClip', () => {
  test('finds the burst between the silences, and the floor beside it', () => {
    const corpus = makeCorpus(['one'], ['anna'], 1);
    const levels = measureClip(clipOf(corpus, 0));
    expect(levels.speechStart / sampleRateHz).toBeGreaterThan(0.22);
    expect(levels.speechStart / sampleRateHz).toBeLessThan(0.31);
    expect(levels.speechEnd / sampleRateHz).toBeGreaterThan(0.69);
    expect(levels.speechEnd / sampleRateHz).toBeLessThan(0.78);
    expect(levels.speechRms).toBeGreaterThan(0.17);
    expect(levels.floorRms).toBeCloseTo(0.001, 3);
  });

  test('keeps a clip of a few milliseconds whole', () => {
    const corpus = makeCorpus(['one'], ['anna'], 0.02);
    expect(measureClip(clipOf(corpus, 0))).toMatchObject({ speechStart: 0, speechEnd: 160 });
  });
});

describe('WordDrawer', () => {
  test('draws each word as often as the others, however many clips it has', () => {
    const texts = [...Array<string>(40).fill('one'), ...Array<string>(40).fill('two'), 'three'];
    const drawer = new WordDrawer([pool(makeCorpus(texts, ['anna']))]);
    const counts: Record<string, number> = {};
    const random = new Random(1);
    for (let draw = 0; draw < 3000; draw++) {
      const word = drawer.draw(random).clip.words[0]!;
      counts[word] = (counts[word] ?? 0) + 1;
    }
    for (const word of vocabulary) expect(Math.abs(counts[word]! - 1000)).toBeLessThan(100);
  });

  test('draws from pools by weight and the square root of what they have of the word', () => {
    const rich = pool(makeCorpus(Array<string>(64).fill('one'), ['anna']));
    const poor = pool(makeCorpus(Array<string>(4).fill('one'), ['ben']), { weight: 2 });
    const drawer = new WordDrawer([rich, poor]);
    const random = new Random(2);
    let fromRich = 0;
    for (let draw = 0; draw < 3000; draw++) if (drawer.draw(random).pool === rich) fromRich++;
    expect(fromRich / 3000).toBeCloseTo(8 / (8 + 2 * 2), 1);
  });
});

describe('assembledChooser', () => {
  const config = (change: object) =>
    sourceSchema.parse({
      name: 'strings',
      kind: 'assembled',
      weight: 1,
      pools: [{ manifest: 'm' }],
      ...change,
    }) as AssembledConfig;
  const corpus = makeCorpus(['one', 'two', 'three'], ['anna', 'ben', 'carl']);

  test('joins as many words as asked for, of one speaker where asked for', () => {
    const strings = { words: [3, 5], sameSpeaker: 1 };
    const choose = assembledChooser(config(strings), [pool(corpus)], [], new LevelCache());
    const random = new Random(3);
    const lengths = new Set<number>();
    for (let draw = 0; draw < 60; draw++) {
      const pieces = choose(random);
      lengths.add(pieces.length);
      expect(new Set(pieces.map(({ clip }) => clip.speaker)).size).toBe(1);
      for (const piece of pieces) {
        // Trimmed to the burst, and brought to one level give or take 3 dB.
        expect(piece.end - piece.start).toBeLessThan(piece.clip.end - piece.clip.start);
        const level = piece.gain * measureClip(piece.clip).speechRms;
        expect(Math.abs(20 * Math.log10(level / 0.05))).toBeLessThanOrEqual(3.01);
      }
    }
    expect([...lengths].sort()).toEqual([3, 4, 5]);
  });

  test('mixes speakers and puts fillers in where asked for', () => {
    const fillers = { probability: 0.5, pools: [{ manifest: 'm' }] };
    const strings = { words: [10, 10], sameSpeaker: 0, fillers };
    const others = pool(makeCorpus(['hello']));
    const choose = assembledChooser(config(strings), [pool(corpus)], [others], new LevelCache());
    const pieces = Array.from({ length: 20 }, (_, seed) => choose(new Random(seed))).flat();
    const hellos = pieces.filter(({ words }) => words[0] === 'hello').length;
    expect(hellos / pieces.length).toBeCloseTo(0.5, 0);
    expect(new Set(pieces.map(({ clip }) => clip.speaker)).size).toBe(3);
  });
});

describe('utterancesChooser', () => {
  const config = (change: object) =>
    sourceSchema.parse({
      name: 'recordings',
      kind: 'utterances',
      weight: 1,
      pools: [{ manifest: 'm' }],
      ...change,
    }) as UtterancesConfig;

  test('crops what is outside the vocabulary only', () => {
    const corpus = makeCorpus(['a b c d e f g h', 'one two three one two three one'], ['anna']);
    const choose = utterancesChooser(
      config({ cropSeconds: [1, 2] }),
      [pool(corpus)],
      vocabulary,
      new LevelCache(),
    );
    const random = new Random(4);
    for (let draw = 0; draw < 40; draw++) {
      const [piece] = choose(random);
      const seconds = (piece!.end - piece!.start) / sampleRateHz;
      if (piece!.words[0] === 'one') expect(seconds).toBe(3.5);
      else {
        expect(seconds).toBeGreaterThanOrEqual(1);
        expect(seconds).toBeLessThanOrEqual(2);
        expect(piece!.start).toBeGreaterThanOrEqual(piece!.clip.start);
        expect(piece!.end).toBeLessThanOrEqual(piece!.clip.end);
      }
    }
  });

  test('joins recordings with gaps', () => {
    const join = { probability: 1, clips: [2, 3], gapSeconds: [0.1, 0.2] };
    const corpus = makeCorpus(['one two', 'three']);
    const choose = utterancesChooser(
      config({ join }),
      [pool(corpus)],
      vocabulary,
      new LevelCache(),
    );
    const lengths = Array.from({ length: 20 }, (_, seed) => choose(new Random(seed)).length);
    expect(new Set(lengths)).toEqual(new Set([2, 3]));
  });
});

describe('layOut', () => {
  const corpus = makeCorpus(['one', 'two'], ['anna'], 1);
  const piece = (row: number, gapSeconds: number) => {
    const clip = clipOf(corpus, row);
    const { start, end, words } = clip;
    return { clip, start, end, words, speed: 1, gain: 1, floorRms: 0, gapSeconds };
  };
  const plain = augmentationSchema.parse({
    cut: { probability: 0 },
    speed: { probability: 0 },
    pad: { probability: 1, seconds: [0.25, 0.25] },
  });

  test('places pieces behind each other with gaps, overlaps and edges', () => {
    const chosen = [piece(0, 9), piece(1, 0.1), piece(0, -0.05)];
    const plan = layOut('s', chosen, sampleRateHz, 80_000, plain, new Random(1));
    expect(plan.pieces.map(({ position }) => position)).toEqual([2000, 10_800, 18_400]);
    expect(plan.samples).toBe(18_400 + 8000 + 2000);
    expect(plan.words).toEqual(['one', 'two', 'one']);
  });

  test('leaves out the words that would make it too long', () => {
    const chosen = [piece(0, 0), piece(1, 0.1), piece(0, 0.1)];
    const plan = layOut('s', chosen, sampleRateHz, 20_000, plain, new Random(1));
    expect(plan.words).toEqual(['one', 'two']);
    expect(plan.samples).toBeLessThanOrEqual(20_000);
  });

  test('speeds a recording up rather than exceed the limit', () => {
    const slow = { ...plain, speed: { probability: 1, ratio: [0.5, 0.5] as [number, number] } };
    const plan = layOut('s', [piece(0, 0)], sampleRateHz, 8000, slow, new Random(1));
    expect(plan.samples).toBe(8000);
    expect(plan.pieces[0]?.speed).toBe(1);
  });

  test('cuts the outer edges, at most an eighth of a piece each', () => {
    const cutting = augmentationSchema.parse({
      cut: { probability: 1, seconds: [0.5, 0.5] },
      speed: { probability: 0 },
      pad: { probability: 0 },
    });
    const plan = layOut('s', [piece(0, 0)], sampleRateHz, 80_000, cutting, new Random(1));
    expect(plan.pieces[0]).toMatchObject({ start: 1000, end: 7000, length: 6000 });
  });
});
