import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderModelCard } from '../../src/cli/model-card/render.ts';
import { loadModelFolder } from '../../src/recognition/model-folder.ts';
import { kaldiRecipe } from '../features/kaldi-recipes.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/tiny-model.ts';
import { toneConfiguration, unvaried, writeToneCorpus } from '../training/tones.ts';
import { soriHere } from './command-line.ts';

const workingDirectory = process.cwd();
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder();
  process.chdir(folder.path);
  await writeToneCorpus('corpora/train', 1, 30);
  await writeToneCorpus('corpora/dev', 2, 6);
  const base = toneConfiguration({ augmentation: unvaried, steps: 4, evaluateEvery: 4 });
  await writeFile('training.json', JSON.stringify(base));
  const configuration = {
    base: 'training.json',
    features: {
      ...kaldiRecipe('mfcc', 8000, 16),
      cepstra: 8,
      lowHz: 60,
      highHz: 3800,
      normalisation: { kind: 'utterance', variance: true },
    },
    examples: 60,
    units: { word: { states: 4 }, silence: { states: 2 }, noise: { states: 1 } },
    stages: [{ method: 'align', iterations: 4, components: { word: 1, silence: 1 } }],
    tried: ['one Gaussian a state: enough for tones'],
    decoding: {
      wordPenalty: -10,
      fillerPenalty: 0,
      noisePenalty: -10,
      beam: 200,
      posteriorScale: 0.1,
    },
  };
  await writeFile('training-hmm.json', JSON.stringify(configuration));
});
afterAll(async () => {
  process.chdir(workingDirectory);
  await folder.remove();
});

const trainHmm = ['train', 'hmm', 'training-hmm.json', '--corpora', 'corpora'];

describe('sori train hmm', () => {
  it('wants a model to add the HMM to', async () => {
    const { code, stderr } = await soriHere(trainHmm);
    expect(code).toBe(1);
    expect(stderr).toContain('model.json');
  });

  it('adds an HMM that recognises, and that the card and a new network leave in its place', async () => {
    expect((await soriHere(['train', 'ctc', 'training.json', '--corpora', 'corpora'])).code).toBe(
      0,
    );
    const { code, stdout, stderr } = await soriHere([...trainHmm, '--examples', '40']);
    expect(code).toBe(0);
    expect(stdout).toContain('penalties: word -10');
    expect(stderr).toContain('iteration 4/4 align');
    expect((await readdir('models/tones')).sort()).toEqual(
      ['README.md', 'ctc.onnx', 'hmm.json', 'hmm.onnx', 'model.json'].sort(),
    );
    const { manifest } = await loadModelFolder('models/tones');
    expect(manifest.hmm?.card).toMatchObject({
      training: {
        iterations: 4,
        components: 3 * 4 + 2 + 1,
        examples: 40,
        seed: 1,
        command: 'sori train hmm training-hmm.json --corpora corpora --examples 40',
      },
      tried: ['one Gaussian a state: enough for tones'],
    });
    expect(await readFile('models/tones/README.md', 'utf8')).toBe(renderModelCard(manifest));

    const card = ['card', 'models/tones', '--corpora', 'corpora', '--json'];
    const measured = await soriHere([...card, '--configuration', 'training.json']);
    const rates: { decoder: string; wordErrorRate: number; goal: number }[] = JSON.parse(
      measured.stdout,
    ).errorRates;
    expect(rates.map(({ decoder }) => decoder)).toEqual(['ctc_greedy', 'ctc_beam', 'hmm']);
    expect(rates[1]!.goal).toBe(rates[0]!.wordErrorRate);
    expect(rates[2]!.wordErrorRate).toBe(0);
    expect(rates[2]!.goal).toBe(2 * rates[0]!.wordErrorRate);

    const first = JSON.parse(
      (await readFile('corpora/dev/manifest.jsonl', 'utf8')).split('\n')[0]!,
    );
    const recording = join('corpora/dev', first.audio_filepath);
    const transcribe = ['transcribe', '--model', 'models/tones', '--decoder', 'hmm', recording];
    expect((await soriHere(transcribe)).stdout.trim()).toBe(first.text);

    const again = ['train', 'ctc', 'training.json', '--corpora', 'corpora', '--seed', '2'];
    expect((await soriHere(again)).code).toBe(0);
    expect((await loadModelFolder('models/tones')).manifest.hmm).toEqual(manifest.hmm);
  });

  it('refuses a configuration that it cannot use', async () => {
    await writeFile('wrong.json', JSON.stringify({ base: 'training.json', stages: [] }));
    const { code, stderr } = await soriHere(['train', 'hmm', 'wrong.json', '--corpora', 'corpora']);
    expect(code).toBe(2);
    expect(stderr).toContain('wrong.json');
  });
});
