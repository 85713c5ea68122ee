import { describe, expect, it } from 'vitest';
import { Random } from '../../src/math/random.ts';
import { type Lesson, shardsOf } from '../../src/training/gradient.ts';
import { GradientPool } from '../../src/training/gradient-pool.ts';
import { initialParameters } from '../../src/training/network/parameters.ts';

const architecture = {
  cell: 'lstm',
  bidirectional: true,
  layers: 2,
  hidden: 6,
  inputs: 4,
  labels: 5,
} as const;

const ctc = { kind: 'ctc', blank: 0 } as const;

function randomLesson(random: Random): Lesson {
  const lengths = Int32Array.of(9, 4, 7, 2, 11);
  const batch = lengths.length;
  const frames = 11;
  const features = new Float32Array(frames * batch * architecture.inputs);
  for (const [n, length] of lengths.entries()) {
    for (let t = 0; t < length; t++) {
      for (let d = 0; d < architecture.inputs; d++) {
        features[(t * batch + n) * architecture.inputs + d] = random.gaussian();
      }
    }
  }
  const widths = [architecture.inputs, 12, 12];
  return {
    frames,
    batch,
    features,
    lengths,
    targets: { labels: Int32Array.of(1, 2, 3, 4, 1, 1), lengths: Int32Array.of(2, 0, 1, 1, 2) },
    masks: widths.map((width) =>
      Float32Array.from({ length: batch * width }, () => (random.chance(0.8) ? 1.25 : 0)),
    ),
  };
}

describe('a gradient taken in shards', () => {
  it.each([2, 3, 8])('is that of the whole batch: %d shards', async (shards) => {
    const random = new Random(11);
    const parameters = initialParameters(architecture, random);
    const lesson = randomLesson(random);
    const whole = await GradientPool.create(architecture, ctc, 1);
    const parted = await GradientPool.create(architecture, ctc, shards);
    const expected = await whole.compute(parameters, lesson);
    const actual = await parted.compute(parameters, lesson);
    expect(actual.losses.length).toBe(lesson.batch);
    for (const [n, loss] of expected.losses.entries())
      expect(actual.losses[n]).toBeCloseTo(loss, 4);
    for (const [index, slope] of expected.gradient.entries()) {
      expect(Math.abs(actual.gradient[index]! - slope)).toBeLessThan(1e-5);
    }
    await whole.release();
    await parted.release();
  });

  it('comes out the same, bit for bit, each time', async () => {
    const random = new Random(12);
    const parameters = initialParameters(architecture, random);
    const lesson = randomLesson(random);
    const pool = await GradientPool.create(architecture, ctc, 2);
    const first = (await pool.compute(parameters, lesson)).gradient.slice();
    expect((await pool.compute(parameters, lesson)).gradient).toEqual(first);
    await pool.release();
  });

  it('is that of the whole batch where each frame has its label', async () => {
    const random = new Random(16);
    const parameters = initialParameters(architecture, random);
    const { targets: _, ...rest } = randomLesson(random);
    const frames = rest.lengths.reduce((sum, length) => sum + length, 0);
    const labels = Int32Array.from({ length: frames }, () => random.integer(5));
    const lesson = { ...rest, targets: { labels, lengths: rest.lengths } };
    const whole = await GradientPool.create(architecture, { kind: 'framewise' }, 1);
    const parted = await GradientPool.create(architecture, { kind: 'framewise' }, 2);
    const expected = await whole.compute(parameters, lesson);
    const actual = await parted.compute(parameters, lesson);
    for (const [n, loss] of expected.losses.entries())
      expect(actual.losses[n]).toBeCloseTo(loss, 4);
    for (const [index, slope] of expected.gradient.entries())
      expect(Math.abs(actual.gradient[index]! - slope)).toBeLessThan(1e-5);
    await whole.release();
    await parted.release();
  });

  it('passes on what fails in another thread', async () => {
    const lesson = randomLesson(new Random(13));
    const targets = { ...lesson.targets, labels: Int32Array.of(1, 2, 3, 4, 1, 99) };
    const pool = await GradientPool.create(architecture, ctc, 2);
    const parameters = initialParameters(architecture, new Random(1));
    await expect(pool.compute(parameters, { ...lesson, targets })).rejects.toThrow(/label/);
    await pool.release();
  });

  it('can be released while another thread is inside a graph, where one has failed', async () => {
    const small = randomLesson(new Random(15));
    const frames = 4000;
    // The first shard fails within a frame or two; the other one's sequences are long.
    const lesson: Lesson = {
      frames,
      batch: 2,
      features: new Float32Array(frames * 2 * architecture.inputs),
      lengths: Int32Array.of(1, frames),
      targets: { labels: Int32Array.of(99, 1), lengths: Int32Array.of(1, 1) },
      masks: small.masks!.map((mask) => new Float32Array((2 * mask.length) / small.batch).fill(1)),
    };
    const pool = await GradientPool.create(architecture, ctc, 2);
    const parameters = initialParameters(architecture, new Random(1));
    await expect(pool.compute(parameters, lesson)).rejects.toThrow(/label/);
    await pool.release();
  });
});

describe('dealing a batch to shards', () => {
  it('keeps every sequence, in order, without the padding of the others', () => {
    const lesson = randomLesson(new Random(14));
    const shards = shardsOf(lesson, 2, architecture.inputs);
    expect(shards.map(({ batch }) => batch)).toEqual([2, 3]);
    expect(shards.map(({ frames }) => frames)).toEqual([9, 11]);
    expect(shards.flatMap(({ lengths }) => [...lengths])).toEqual([...lesson.lengths]);
    expect(shards.flatMap(({ targets }) => [...targets.labels])).toEqual([
      ...lesson.targets.labels,
    ]);
    const second = shards[1]!;
    const row = (t: number, n: number, { features, batch }: Lesson) => [
      ...features.subarray((t * batch + n) * 4, (t * batch + n) * 4 + 4),
    ];
    expect(row(5, 0, second)).toEqual(row(5, 2, lesson));
  });
});
