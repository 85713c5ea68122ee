import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderModelCard } from '../../src/cli/model-card/render.ts';
import { loadModelFolder } from '../../src/recognition/model-folder.ts';
import { syntheticWav } from '../support/recording.ts';
import { type TemporaryFolder, temporaryFolder, tinyRecipe } from '../support/tiny-model.ts';
import { soriHere } from './command-line.ts';

const workingDirectory = process.cwd();
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder();
  process.chdir(folder.path);
  await mkdir('corpora/noises/audio', { recursive: true });
  const texts = ['one two', 'two', 'one', 'two one'];
  const rows = texts.map(async (text, index) => {
    const audio = `audio/${index}.wav`;
    await writeFile(
      join('corpora/noises', audio),
      syntheticWav({ seconds: 1 + index / 4, seed: index }),
    );
    const duration = 1 + index / 4;
    return JSON.stringify({ audio_filepath: audio, duration, text, speaker: 's', corpus: 'n' });
  });
  const lines = (await Promise.all(rows)).join('\n');
  await writeFile('corpora/noises/all.jsonl', `${lines}\n`);
  const pools = [{ manifest: 'noises/all.jsonl' }];
  const configuration = {
    name: 'noises',
    language: 'en',
    description: 'Two words that are noises',
    architecture: { layers: 1, hidden: 6 },
    features: { ...tinyRecipe, normalisation: { kind: 'none' } },
    normalisationExamples: 4,
    alphabet: { kind: 'words', labels: ['<blank>', 'one', 'two'], blank: 0 },
    data: { batchSize: 2, sources: [{ name: 'all', kind: 'utterances', weight: 1, pools }] },
    steps: 99,
    evaluateEvery: 2,
    devSets: [{ name: 'noises', manifest: 'noises/all.jsonl', goal: 10 }],
    corpora: [{ corpus: 'Noises', licence: 'CC0', manifests: ['noises/all.jsonl'] }],
  };
  await writeFile('noises.json', JSON.stringify(configuration));
});
afterAll(async () => {
  process.chdir(workingDirectory);
  await folder.remove();
});

describe('sori train ctc', () => {
  it('writes a model folder whose card sori card completes', async () => {
    const trained = await soriHere([
      ...['train', 'ctc', 'noises.json', '--corpora', join(folder.path, 'corpora')],
      ...['--steps', '4', '--threads', '1'],
    ]);
    expect({ ...trained, stdout: '', stderr: '' }).toEqual({ code: 0, stdout: '', stderr: '' });
    const { manifest } = await loadModelFolder('models/noises');
    expect(await readFile('models/noises/README.md', 'utf8')).toBe(renderModelCard(manifest));
    expect(manifest.card).toMatchObject({
      summary: 'Two words that are noises',
      trainedOn: [{ corpus: 'Noises', licence: 'CC0', clips: 4, speakers: 1 }],
      training: { seed: 1, command: 'sori train ctc noises.json --corpora corpora --steps 4' },
      errorRates: [],
    });

    const args = ['--corpora', 'corpora', '--configuration', 'noises.json'];
    expect((await soriHere(['card', 'models/noises', ...args])).code).toBe(0);
    const { card, ...rest } = (await loadModelFolder('models/noises')).manifest;
    expect({ ...rest, card: { ...card, errorRates: [] } }).toEqual(manifest);
    expect(card!.errorRates).toEqual([
      expect.objectContaining({ set: 'noises', decoder: 'ctc_greedy', clips: 4, words: 6 }),
      expect.objectContaining({ set: 'noises', decoder: 'ctc_beam', clips: 4, words: 6 }),
    ]);
  });
});
