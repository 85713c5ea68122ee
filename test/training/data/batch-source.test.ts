import { describe, expect, test } from 'vitest';
import { augmentationSchema } from '../../../src/training/augmentation/config.ts';
import { collate, framesNeeded } from '../../../src/training/data/batch.ts';
import { BatchSource } from '../../../src/training/data/batch-source.ts';
import { dataSchema } from '../../../src/training/data/config.ts';
import { measureNormalisation } from '../../../src/training/data/normalisation.ts';
import { alphabet, makeCorpus, makeDefinition } from './corpora.ts';

describe('framesNeeded', () => {
  test('counts a blank between equal labels', () => {
    expect(framesNeeded(Int32Array.of())).toBe(0);
    expect(framesNeeded(Int32Array.of(2, 3, 2))).toBe(3);
    expect(framesNeeded(Int32Array.of(2, 2, 2, 3, 3))).toBe(8);
  });
});

describe('collate', () => {
  const example = (frames: number, labels: number[], base: number) => ({
    frames,
    features: Float32Array.from({ length: frames * 2 }, (_, index) => base + index),
    labels: Int32Array.from(labels),
    audioSeconds: frames / 100,
  });

  test('lays sequences out time-major with zeros behind the shorter ones', () => {
    const batch = collate(7, 2, [example(1, [3], 10), example(3, [2, 4], 20)]);
    expect(batch).toMatchObject({ step: 7, frames: 3, batch: 2, dims: 2 });
    expect([...batch.features]).toEqual([10, 11, 20, 21, 0, 0, 22, 23, 0, 0, 24, 25]);
    expect([...batch.lengths]).toEqual([1, 3]);
    expect([...batch.targets.labels]).toEqual([3, 2, 4]);
    expect([...batch.targets.lengths]).toEqual([1, 2]);
    expect(batch.audioSeconds).toBeCloseTo(0.04);
  });

  test('refuses a target that does not fit in its frames', () => {
    expect(() => collate(0, 2, [example(2, [3, 3], 0)])).toThrow(
      '[collate] expected at least 3 frames for the target of sequence 0, got 2',
    );
    expect(() => collate(0, 2, [])).toThrow('[collate]');
  });
});

describe('BatchSource', () => {
  test('gives a step the same batch whatever was made before, and another for another seed', () => {
    const one = new BatchSource(makeDefinition());
    const other = new BatchSource(makeDefinition());
    for (const step of [0, 1, 2, 3, 4, 5]) one.make(step);
    expect(other.make(9)).toEqual(one.make(9));
    expect(other.make(2)).toEqual(one.make(2));
    expect(new BatchSource(makeDefinition({ seed: 6 })).make(2)).not.toEqual(one.make(2));
  });

  test('makes batches of finite features whose targets fit', () => {
    const source = new BatchSource(makeDefinition());
    for (let step = 0; step < 24; step++) {
      const batch = source.make(step);
      expect(batch.batch).toBe(6);
      expect(batch.dims).toBe(60);
      expect(batch.features.length).toBe(batch.frames * 6 * 60);
      expect(batch.features.every(Number.isFinite)).toBe(true);
      expect(Math.max(...batch.lengths)).toBe(batch.frames);
      let first = 0;
      for (const [n, length] of batch.targets.lengths.entries()) {
        const labels = batch.targets.labels.subarray(first, first + length);
        expect(labels.every((label) => label >= 1 && label <= 4)).toBe(true);
        expect(batch.lengths[n]).toBeGreaterThanOrEqual(Math.max(1, framesNeeded(labels)));
        first += length;
      }
      expect(first).toBe(batch.targets.labels.length);
    }
  });

  test('brings examples of like length together', () => {
    const definition = makeDefinition();
    const spreadOf = (bucketSteps: number) => {
      const data = { ...definition.data, bucketSteps };
      const source = new BatchSource({ ...definition, data });
      let padded = 0;
      let real = 0;
      for (let step = 0; step < 16; step++) {
        const batch = source.make(step);
        padded += batch.frames * batch.batch;
        real += batch.lengths.reduce((sum, length) => sum + length, 0);
      }
      return real / padded;
    };
    expect(spreadOf(16)).toBeGreaterThan(0.85);
    expect(spreadOf(1)).toBeLessThan(spreadOf(16));
  });

  test('lengthens an example that is too short for its words, or for a single frame', () => {
    const definition = makeDefinition({
      corpora: { rushed: makeCorpus(['one one one one two two'], ['anna'], 0.003) },
      data: dataSchema.parse({
        batchSize: 2,
        sources: [
          { name: 'rushed', kind: 'utterances', weight: 1, pools: [{ manifest: 'rushed' }] },
        ],
      }),
      augmentation: augmentationSchema.parse({ pad: { probability: 0 } }),
    });
    const batch = new BatchSource(definition).make(0);
    for (const length of batch.lengths) expect(length).toBeGreaterThanOrEqual(10);
  });

  test('never exceeds the longest allowed example by more than its last frame', () => {
    const source = new BatchSource(makeDefinition());
    for (let step = 0; step < 16; step++) {
      expect(source.make(step).frames).toBeLessThanOrEqual(Math.ceil(400 / 3));
    }
  });

  test('says which filter lets no row through', () => {
    const definition = makeDefinition({
      data: dataSchema.parse({
        sources: [
          {
            name: 'nobody',
            kind: 'single',
            weight: 1,
            pools: [{ manifest: 'single', speakers: ['carl'] }],
          },
        ],
      }),
    });
    expect(() => new BatchSource(definition)).toThrow(/\[Pool\] .*carl/);
  });

  test('refuses a step that is no whole number', () => {
    const source = new BatchSource(makeDefinition());
    expect(() => source.make(-1)).toThrow('[BatchSource.make]');
    expect(() => source.make(0.5)).toThrow('[BatchSource.make]');
  });
});

describe('measureNormalisation', () => {
  test('brings what training reads to mean 0 and deviation 1, digital silence apart', () => {
    const augmentation = augmentationSchema.parse({
      masking: { probability: 0 },
      pad: { floorProbability: 1 },
    });
    const definition = makeDefinition({ augmentation, alphabet });
    const { sources } = definition.data;
    const data = {
      ...definition.data,
      sources: sources.filter(({ name }) => name !== 'background'),
    };
    const { mean, inverseDeviation } = measureNormalisation({ ...definition, data }, 60);
    expect(mean).toHaveLength(20);
    const source = new BatchSource({
      ...definition,
      data,
      recipe: {
        ...definition.recipe,
        normalisation: { kind: 'global', mean, inverseDeviation },
        stack: 1,
        stride: 1,
      },
    });
    for (const d of [0, 7, 19]) {
      let count = 0;
      let sum = 0;
      let squares = 0;
      for (const { frames, features } of source.examples(60)) {
        for (let t = 0; t < frames; t++) {
          const raw = features
            .subarray(t * 20, (t + 1) * 20)
            .map((x, k) => x / inverseDeviation[k]! + mean[k]!);
          if (Math.abs(raw[0]! - raw[19]!) < 1e-3 && raw[0]! < -10) continue;
          count++;
          sum += features[t * 20 + d]!;
          squares += features[t * 20 + d]! ** 2;
        }
      }
      expect(sum / count).toBeCloseTo(0, 3);
      expect(squares / count).toBeCloseTo(1, 2);
    }
  });
});
