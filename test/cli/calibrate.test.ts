import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/wav.ts';
import { renderModelCard } from '../../src/cli/model-card/render.ts';
import { calibrated } from '../../src/decoding/confidence-map.ts';
import { type ModelManifest, modelManifestSchema } from '../../src/recognition/model-manifest.ts';
import { syntheticWaveform } from '../support/recording.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';
import { soriHere } from './command-line.ts';

const workingDirectory = process.cwd();
const texts = ['one two', 'three', 'four five one', 'two', 'five', 'zero one'];
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder();
  process.chdir(folder.path);
  await mkdir('corpora');
  const rows: string[] = [];
  for (const [index, text] of texts.entries()) {
    const name = `clip${index}.wav`;
    const seconds = 1.5 + index / 10;
    await writeFile(
      join('corpora', name),
      encodeWav(syntheticWaveform({ seconds, seed: index + 1 })),
    );
    const speaker = `speaker ${index % 3}`;
    rows.push(JSON.stringify({ audio_filepath: name, duration: seconds, text, speaker }));
  }
  await writeFile('corpora/train.jsonl', rows.join('\n'));
  await writeFile('corpora/dev.jsonl', rows.slice(1).join('\n'));
});
afterAll(async () => {
  process.chdir(workingDirectory);
  await folder.remove();
});

async function makeModel(name: string, hmm: boolean): Promise<ModelManifest> {
  const manifest = await writeTinyModel('.', { name, hmm });
  const { features, alphabet } = manifest;
  const configuration = {
    ...{ name, language: 'en', description: 'For tests', architecture: {}, features, alphabet },
    data: { sources: [{ name: 'noise', kind: 'background', weight: 1 }] },
    steps: 1,
    devSets: [
      { name: 'said', manifest: 'dev.jsonl', text: 'inside' },
      { name: 'unsaid', manifest: 'dev.jsonl', score: 'falseWords' },
    ],
    corpora: [
      { corpus: 'Tones', licence: 'CC0', manifests: ['train.jsonl'] },
      { corpus: 'Elsewhere', licence: 'CC0', manifests: ['elsewhere.jsonl'] },
    ],
  };
  await writeFile(`${name}/training.json`, JSON.stringify(configuration));
  return manifest;
}

const calibrate = (name: string, ...args: readonly string[]) =>
  soriHere(['calibrate', name, '--corpora', 'corpora', '--threads', '1', ...args]);

const readModel = async (name: string): Promise<ModelManifest> =>
  modelManifestSchema.parse(JSON.parse(await readFile(`${name}/model.json`, 'utf8')));

// Models are loaded anew for each stage.
const timeout = 180_000;

describe('sori calibrate', { timeout }, () => {
  it('writes times, maps of confidences and what they are worth into the folder', async () => {
    const before = await makeModel('tiny', true);
    const recognise = async () => {
      const args = ['transcribe', '--model', 'tiny', '--json', 'corpora/clip2.wav'];
      return JSON.parse((await soriHere(args)).stdout);
    };
    const raw = await recognise();
    const { code, stdout } = await calibrate('tiny');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^times by CTC against the HMM, ms/u);
    expect(stdout).toMatch(/^ctc_greedy +words +all/mu);
    expect(stdout).toMatch(/^hmm +texts +unsaid/mu);

    const { calibration, ...rest } = await readModel('tiny');
    expect(rest).toEqual(before);
    const { confidence, card } = calibration!;
    expect(Object.keys(confidence)).toEqual(expect.arrayContaining(['ctc_greedy', 'hmm']));
    expect(card!.command).toBe('sori calibrate tiny --corpora corpora');
    expect(card!.times!.manifests).toEqual(['corpora/train.jsonl']);
    expect(card!.times!.measured.map(({ set, words }) => [set, words])).toEqual([['said', 8]]);
    for (const { before, after } of card!.confidence) {
      expect(Math.min(before, after)).toBeGreaterThanOrEqual(0);
      expect(Math.max(before, after)).toBeLessThanOrEqual(1);
    }
    expect(await readFile('tiny/reliability.svg', 'utf8')).toMatch(/^<svg[\s\S]*<\/svg>\s*$/u);
    const readme = await readFile('tiny/README.md', 'utf8');
    expect(readme).toBe(renderModelCard({ ...rest, calibration }));
    expect(readme).toContain('## Times and confidences');
    expect(readme).toContain('(reliability.svg)');

    const mapped = await recognise();
    expect(mapped.text).toBe(raw.text);
    expect(mapped.confidence).toBeCloseTo(
      calibrated(raw.confidence, confidence.ctc_greedy!.text, raw.duration),
      9,
    );
  });

  it('makes the same of the same model and seed, calibrated before or not', async () => {
    const first = (await readModel('tiny')).calibration;
    await calibrate('tiny');
    expect((await readModel('tiny')).calibration).toEqual(first);
  });

  it('leaves times as they are guessed where there is no HMM to learn them from', async () => {
    await makeModel('alone', false);
    const { code, stdout } = await calibrate('alone', '--json');
    expect(code).toBe(0);
    const { times, confidence, card } = JSON.parse(stdout);
    expect([times, card.times]).toEqual([undefined, undefined]);
    expect(Object.keys(confidence)).not.toContain('hmm');
  });

  it('exits with 2 without corpora, or with the configuration of another model', async () => {
    const missing = await soriHere(['calibrate', 'tiny']);
    expect([missing.code, missing.stdout]).toEqual([2, '']);
    const configuration = JSON.parse(await readFile('tiny/training.json', 'utf8'));
    configuration.alphabet.labels[2] = 'nought';
    await writeFile('other.json', JSON.stringify(configuration));
    const other = await calibrate('tiny', '--configuration', 'other.json');
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('not of this model');
  });
});
