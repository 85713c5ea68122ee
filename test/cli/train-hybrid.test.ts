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

const decoding = {
  wordPenalty: -2,
  fillerPenalty: 0,
  noisePenalty: 0,
  beam: 100,
  posteriorScale: 0.5,
};

beforeAll(async () => {
  folder = await temporaryFolder();
  process.chdir(folder.path);
  await writeToneCorpus('corpora/train', 1, 40);
  await writeToneCorpus('corpora/dev', 2, 10);
  const base = toneConfiguration({ augmentation: unvaried, steps: 20, evaluateEvery: 20 });
  await writeFile('training.json', JSON.stringify(base));
  const hmm = {
    base: 'training.json',
    features: {
      ...kaldiRecipe('mfcc', 8000, 16),
      cepstra: 8,
      lowHz: 60,
      highHz: 3800,
      normalisation: { kind: 'utterance', variance: true },
    },
    examples: 40,
    units: { word: { states: 4 }, silence: { states: 2 }, noise: { states: 1 } },
    stages: [{ method: 'align', iterations: 4, components: { word: 1, silence: 1 } }],
    decoding: { ...decoding, wordPenalty: -10, noisePenalty: -10 },
  };
  await writeFile('training-hmm.json', JSON.stringify(hmm));
  const hybrid = {
    base: 'training.json',
    states: 2,
    countedExamples: 40,
    schedule: { learningRate: 0.02, warmupSteps: 10 },
    steps: 120,
    evaluateEvery: 60,
    tried: ['two states a tone: enough'],
    decoding,
    tune: { wordPenalty: [-2, -1], fillerPenalty: [0], noisePenalty: [0] },
  };
  await writeFile('training-hybrid.json', JSON.stringify(hybrid));
  await soriHere(['train', 'ctc', 'training.json', '--corpora', 'corpora']);
});
afterAll(async () => {
  process.chdir(workingDirectory);
  await folder.remove();
});

const trainHybrid = ['train', 'hybrid', 'training-hybrid.json', '--corpora', 'corpora'];

describe('sori train hybrid', () => {
  it('wants a model with an HMM, whose states it learns', async () => {
    const { code, stderr } = await soriHere(trainHybrid);
    expect(code).toBe(2);
    expect(stderr).toContain('models/tones: expected a model with an HMM');
  });

  it('adds a hybrid that recognises what it has not seen', async () => {
    await soriHere(['train', 'hmm', 'training-hmm.json', '--corpora', 'corpora']);
    const before = (await loadModelFolder('models/tones')).manifest;
    const { code, stdout, stderr } = await soriHere(trainHybrid);
    expect([code, stderr.match(/step \d+\/\d+/)?.[0]]).toEqual([0, 'step 100/120']);
    expect(stdout).toMatch(/penalties: word -[12], /);
    const files = ['README.md', 'ctc.onnx', 'hmm.json', 'hmm.onnx', 'hybrid.json', 'hybrid.onnx'];
    expect((await readdir('models/tones')).sort()).toEqual([...files, 'model.json']);
    const { manifest, hybrid } = await loadModelFolder('models/tones');
    const { hybrid: section, ...others } = manifest;
    expect(others).toEqual(before);
    expect(section!.card).toMatchObject({
      training: { seed: 1, command: 'sori train hybrid training-hybrid.json --corpora corpora' },
      tried: ['two states a tone: enough'],
    });
    // Two states a tone, and one of all pauses: noises are pauses too.
    expect(hybrid!.definition.emissions).toBe(3 * 2 + 1);
    expect(hybrid!.definition.noises).toEqual([]);
    expect(await readFile('models/tones/README.md', 'utf8')).toBe(renderModelCard(manifest));

    const card = ['card', 'models/tones', '--corpora', 'corpora', '--json'];
    const measured = await soriHere([...card, '--configuration', 'training.json']);
    const rates: { decoder: string; wordErrorRate: number; goal?: number }[] = JSON.parse(
      measured.stdout,
    ).errorRates;
    expect(rates.map(({ decoder }) => decoder)).toEqual([
      ...['ctc_greedy', 'ctc_beam', 'hmm', 'hybrid'],
    ]);
    expect(rates[3]!.wordErrorRate).toBeLessThan(0.1);
    expect(rates[3]!.goal).toBeUndefined();
  });

  it('is a decoder of the command line like the others', async () => {
    const [line] = (await readFile('corpora/dev/manifest.jsonl', 'utf8')).split('\n');
    const { audio_filepath, text } = JSON.parse(line!);
    const recording = join('corpora/dev', audio_filepath);
    const by = ['--model', 'models/tones', '--decoder', 'hybrid'];
    expect((await soriHere(['transcribe', ...by, recording])).stdout.trim()).toBe(text);
    const manifest = 'corpora/dev/manifest.jsonl';
    const evaluated = await soriHere(['evaluate', ...by, '--manifest', manifest, '--json']);
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ decoder: 'hybrid' });
    const decoders = ['--decoders', 'hmm,hybrid', '--model', 'models/tones'];
    const compared = await soriHere(['compare', recording, ...decoders]);
    expect(compared.stdout).toContain('hybrid');
  });

  it('takes a finished run up again only to try other penalties', async () => {
    const configuration = JSON.parse(await readFile('training-hybrid.json', 'utf8'));
    const other = { ...configuration, decoding: { ...decoding, wordPenalty: -3 }, tune: undefined };
    await writeFile('training-hybrid.json', JSON.stringify(other));
    const { stdout, stderr } = await soriHere([...trainHybrid, '--resume']);
    expect(stdout).toContain('penalties: word -3, ');
    expect(stderr).not.toContain('step 100/120');
    await writeFile('training-hybrid.json', JSON.stringify({ ...other, states: 0 }));
    const refused = await soriHere(trainHybrid);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('states')]);
  });

  it('goes with the network that it began as, when that is trained anew', async () => {
    await soriHere(['train', 'ctc', 'training.json', '--corpora', 'corpora', '--seed', '2']);
    const { manifest } = await loadModelFolder('models/tones');
    expect([manifest.hmm === undefined, manifest.hybrid]).toEqual([false, undefined]);
  });
});
