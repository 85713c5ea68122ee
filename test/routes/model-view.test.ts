import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ModelManifest } from '../../src/recognition/model-manifest.ts';
import { fullCard } from '../cli/model-card/cards.ts';
import { startService, type TestService } from '../support/service.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

let models: TemporaryFolder;
let service: TestService;
beforeAll(async () => {
  models = await temporaryFolder();
  await writeTinyModel(models.path);
  const path = join(models.path, 'tiny/model.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as ModelManifest;
  await writeFile(path, JSON.stringify({ ...manifest, card: fullCard }));
  service = await startService(models.path);
});
afterAll(async () => {
  await service.close();
  await models.remove();
});

it('gives the error rates of the card with their counts and conditions', async () => {
  const response = await fetch(`${service.url}/v1/models/tiny`);
  const conditions = {
    decoder: 'ctc_greedy',
    date: '2026-01-31',
    command: 'sori evaluate --model models/tiny --manifest corpora/dev.jsonl',
  };
  const { summary, error_rates } = (await response.json()) as Record<string, unknown>;
  expect(summary).toBe(fullCard.summary);
  const [tones, , books] = error_rates as unknown[];
  expect(tones).toEqual({
    set: 'tones',
    clips: 100,
    minutes: 4.02,
    words: 400,
    word_error_rate: 0.03,
    substitutions: 5,
    deletions: 4,
    insertions: 3,
    sentence_error_rate: 0.11,
    goal: 0.03,
    ...conditions,
  });
  expect(books).toEqual({
    set: 'books',
    clips: 176,
    minutes: 36.04,
    false_words: 18,
    false_words_per_minute: 18 / 36.04,
    goal: null,
    ...conditions,
  });
});
