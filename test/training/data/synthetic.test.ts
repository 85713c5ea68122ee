import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { Random } from '../../../src/math/random.ts';
import { loadCorpus } from '../../../src/training/data/corpus.ts';
import { prepareSynthetic } from '../../../src/training/data/synthetic.ts';
import { planSyntheticSpeech } from '../../../src/training/data/synthetic-speech.ts';

const hasPrograms = ['espeak-ng', 'flite'].every(
  (program) => spawnSync(program, ['--version']).error === undefined,
);

afterEach(() => vi.unstubAllEnvs());

test('plans the same clips for the same seed, with six, seven and nine the most frequent digits', () => {
  const clips = planSyntheticSpeech(3000, new Random(1));
  expect(planSyntheticSpeech(3000, new Random(1))).toEqual(clips);
  const counts = new Map<string, number>();
  for (const word of clips.flatMap(({ text }) => text.split(' '))) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const digits = 'zero oh one two three four five six seven eight nine'.split(' ');
  const byCount = digits.toSorted((a, b) => counts.get(b)! - counts.get(a)!);
  expect(new Set(byCount.slice(0, 3))).toEqual(new Set(['six', 'seven', 'nine']));
  for (const homophone of ['won', 'to', 'too', 'for', 'fore', 'ate', 'owe']) {
    expect(counts.has(homophone)).toBe(false);
  }
});

test('names the programs that are missing', async () => {
  vi.stubEnv('PATH', '/nowhere');
  await expect(prepareSynthetic({ out: join(tmpdir(), 'never') })).rejects.toThrow(
    /espeak-ng and flite: install the Debian packages/,
  );
});

test.skipIf(!hasPrograms)('writes a corpus that loads, and the same one again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sori-synthetic-'));
  try {
    const done: number[] = [];
    const options = { clips: 12, seed: 4, onProgress: (count: number) => done.push(count) };
    const summary = await prepareSynthetic({ out: join(folder, 'a'), ...options });
    await prepareSynthetic({ out: join(folder, 'b'), ...options });
    expect(summary.clips).toBe(12);
    expect(done.slice(0, 12)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    const load = (name: string) =>
      loadCorpus(join(folder, name, 'train.jsonl'), { sampleRateHz: 8000, threads: 1 });
    const first = await load('a');
    const second = await load('b');
    expect(second.audio).toEqual(first.audio);
    for (const [index, row] of first.rows.entries()) {
      const samples = first.audio.offsets[index + 1]! - first.audio.offsets[index]!;
      expect(samples / 8000).toBeCloseTo(row.seconds, 2);
      expect(row.corpus).toBe('synthetic');
      expect(row.speaker).toMatch(/^(espeak|flite)-/);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
