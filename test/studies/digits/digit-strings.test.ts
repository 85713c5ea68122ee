import { beforeAll, describe, expect, it } from 'vitest';
import {
  type DigitTask,
  digitLabels,
  digitTask,
} from '../../../src/studies/digits/digit-strings.ts';
import { labelErrorRate } from '../../../src/studies/digits/error-rate.ts';
import { madeDigits } from '../../../src/studies/digits/made-digits.ts';

const sizes = { train: 24, dev: 8 };
const quickTask = () => digitTask({ corpora: [], quick: true }, sizes);
let task: DigitTask;
beforeAll(async () => {
  task = await quickTask();
});

describe('strings of made digits', () => {
  it('are the same each time, and others to learn from than to be tested on', async () => {
    const again = await quickTask();
    expect(again.train[3]).toEqual(task.train[3]);
    expect(again.dev[3]).toEqual(task.dev[3]);
    expect(task.train).toHaveLength(sizes.train);
    expect(task.dev).toHaveLength(sizes.dev);
    expect(task.dev[0]!.features.values).not.toEqual(task.train[0]!.features.values);
  });

  it('have one to four digits, and in each frame the one that is said in it or none', () => {
    for (const { features, labels, frameLabels } of [...task.train, ...task.dev]) {
      expect(labels.length).toBeGreaterThanOrEqual(1);
      expect(labels.length).toBeLessThanOrEqual(4);
      expect(frameLabels).toHaveLength(features.frames);
      expect(features.values).toHaveLength(features.frames * task.inputs);
      expect(Math.min(...labels)).toBeGreaterThan(0);
      // Neighbours that are equal, without a pause between them, cannot be told from one.
      const runs = frameLabels.filter((label, t) => label !== 0 && label !== frameLabels[t - 1]);
      const parted = labels.filter((label, index) => label !== labels[index - 1]);
      expect(runs.filter((label, index) => label !== runs[index - 1])).toEqual(parted);
    }
  });

  it('are louder where a digit is said than where none is', () => {
    const loudness = (isPause: boolean) => {
      const values = task.train.flatMap(({ features, frameLabels }) =>
        Array.from(frameLabels).flatMap((label, t) =>
          (label === 0) === isPause ? [features.values[t * task.inputs]!] : [],
        ),
      );
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    expect(loudness(false)).toBeGreaterThan(loudness(true) + 1);
  });

  it('are of all ten digits', () => {
    const heard = new Set(task.train.flatMap(({ labels }) => [...labels]));
    expect(heard.size).toBe(digitLabels.length - 1);
  });
});

it('makes digits of each speaker, neither silent nor clipped', () => {
  const { rows, audio } = madeDigits({ seed: 3, speakers: 2, takes: 1 });
  expect(rows.map(({ speaker }) => speaker)).toEqual([
    ...Array<string>(10).fill('voice 1'),
    ...Array<string>(10).fill('voice 2'),
  ]);
  for (const row of rows.keys()) {
    const clip = audio.samples.subarray(audio.offsets[row]!, audio.offsets[row + 1]!);
    const peak = clip.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(peak).toBeGreaterThan(1000);
    expect(peak).toBeLessThan(32767);
  }
});

it('counts edits by digits said, over all strings', () => {
  const said = [{ labels: Int32Array.of(1, 2, 3) }, { labels: Int32Array.of(4) }];
  expect(labelErrorRate(said, [[1, 2, 3], [4]])).toBe(0);
  expect(
    labelErrorRate(said, [
      [1, 3],
      [4, 4],
    ]),
  ).toBe(2 / 4);
});

it('says where it looked for recordings that are not there', async () => {
  const missing = digitTask({ corpora: ['/nowhere'], quick: false }, sizes);
  await expect(missing).rejects.toThrow('fsdd/train.jsonl is in none of the corpora roots');
});
