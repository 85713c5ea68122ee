import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { resample } from '../../src/audio/resample.ts';
import { renderModelCard } from '../../src/cli/model-card/render.ts';
import { FeatureExtractor } from '../../src/features/extractor.ts';
import type { FeatureMatrix } from '../../src/features/feature-matrix.ts';
import { loadModelFolder } from '../../src/recognition/model-folder.ts';
import { fixtures, readFixture } from '../audio/fixtures.ts';
import { npyBody, rawBody, rowsOf } from '../support/feature-bodies.ts';
import { postRecording, startService, type TestService } from '../support/service.ts';

const modelsDirectory = fileURLToPath(new URL('../../models', import.meta.url));
const maxFolderBytes = 10e6;

const shipped = readdirSync(modelsDirectory).filter((name) =>
  existsSync(join(modelsDirectory, name, 'model.json')),
);

describe.each(shipped)('models/%s', (name) => {
  const folder = join(modelsDirectory, name);

  it('loads, with the files that model.json says', async () => {
    const { manifest } = await loadModelFolder(folder);
    const graph = await readFile(join(folder, manifest.ctc.file));
    expect(createHash('sha256').update(graph).digest('hex')).toBe(manifest.ctc.sha256);
  });

  it('has the README.md that its model.json gives', async () => {
    const { manifest } = await loadModelFolder(folder);
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe(renderModelCard(manifest));
  });

  it('says what it was trained on and what it was measured to do', async () => {
    const card = (await loadModelFolder(folder)).manifest.card!;
    expect(card.trainedOn.length).toBeGreaterThan(0);
    expect(card.errorRates.length).toBeGreaterThan(0);
    expect(card.notes!.length).toBeGreaterThan(0);
  });

  it('is under 10 MB', async () => {
    const files = await readdir(folder, { recursive: true });
    const sizes = await Promise.all(
      files.map(async (file) => (await stat(join(folder, file))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(maxFolderBytes);
  });
});

describe('digits-en', () => {
  const digits = 'zero one two three four five six seven eight nine';
  let service: TestService;
  beforeAll(async () => {
    service = await startService(modelsDirectory);
  });
  afterAll(() => service?.close());

  async function textOf(response: Response): Promise<string> {
    const body = (await response.json()) as { text: string };
    expect({ status: response.status, body }).toMatchObject({ status: 200 });
    return body.text;
  }

  const recognise = async (recording: Uint8Array, decoder = 'ctc_greedy'): Promise<string> =>
    textOf(await postRecording(service, recording, { model: 'digits-en', decoder }));

  const readSpeech = (file: string): Buffer =>
    readFileSync(new URL(`../fixtures/speech/${file}`, import.meta.url));

  it.each(fixtures)('hears "seven three" in $file', async ({ file }) => {
    expect(await recognise(readFixture(file))).toBe('seven three');
  });

  it.each([
    ['ten-digits.opus', digits],
    ['british-digits.opus', digits],
    ['three-digits.opus', 'oh three nine'],
    ['no-digits.opus', ''],
  ])('hears in %s "%s"', async (file, text) => {
    expect(await recognise(readSpeech(file))).toBe(text);
  });

  it.each([
    ['ten-digits.opus', digits],
    ['three-digits.opus', 'oh three nine'],
    ['no-digits.opus', ''],
  ])('hears in %s "%s" by its HMM and by its hybrid', async (file, text) => {
    expect(await recognise(readSpeech(file), 'hmm')).toBe(text);
    expect(await recognise(readSpeech(file), 'hybrid')).toBe(text);
  });

  it.each([
    ['reference.wav', readFixture, 'seven three'],
    ['ten-digits.opus', readSpeech, digits],
  ])('hears the same in the features of %s, in every encoding', async (file, read, text) => {
    const { manifest } = await loadModelFolder(join(modelsDirectory, 'digits-en'));
    const { sampleRateHz, samples } = await decodeAudio(read(file), { maxSeconds: 60 });
    const matrix = new FeatureExtractor(manifest.features).extract(
      resample(samples, sampleRateHz, manifest.features.sampleRateHz),
    );
    for (const { contentType, body, query } of encodings(matrix)) {
      const response = await fetch(`${service.url}/v1/features/transcriptions${query}`, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body,
      });
      expect({ contentType, text: await textOf(response) }).toEqual({ contentType, text });
    }
  });
});

function encodings(matrix: FeatureMatrix): {
  readonly contentType: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly query: string;
}[] {
  const { frames, dims } = matrix;
  const model = 'model=digits-en';
  return [
    {
      contentType: 'application/json',
      body: JSON.stringify({ model: 'digits-en', features: rowsOf(matrix) }),
      query: '',
    },
    {
      contentType: 'application/x-npy',
      body: Uint8Array.from(npyBody(matrix, {})),
      query: `?${model}`,
    },
    {
      contentType: 'application/octet-stream',
      body: rawBody(matrix),
      query: `?${model}&frames=${frames}&dims=${dims}`,
    },
  ];
}
