import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModelFolder } from '../../src/recognition/model-folder.ts';
import { syntheticWav } from '../support/recording.ts';
import { postRecording, startService } from '../support/service.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';
import { soriHere } from './command-line.ts';

describe('sori quantise', () => {
  let models: TemporaryFolder;
  const model = () => join(models.path, 'tiny');
  const out = () => join(models.path, 'tiny-int8');

  beforeAll(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path, { hmm: true, hybrid: true, hidden: 32 });
    // Calibrated as digits-en is.
    const { calibration } = JSON.parse(await readFile('models/digits-en/model.json', 'utf8'));
    const { confidence } = calibration;
    const file = join(model(), 'model.json');
    const manifest = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...manifest, calibration: { confidence } }));
  });
  afterAll(() => models.remove());

  it('writes a model that is served beside the other, one request at a time', async () => {
    const { code, stdout } = await soriHere(['quantise', model(), '--out', out()]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^tiny-int8: its networks take \d+ kB/),
    ]);
    const [before, after] = await Promise.all([model(), out()].map(loadModelFolder));
    expect(after!.ctc.byteLength).toBeLessThan(before!.ctc.byteLength / 2);
    expect(after!.hybrid!.graph.byteLength).toBeLessThan(before!.hybrid!.graph.byteLength / 2);
    expect(after!.hybrid!.definition).toEqual(before!.hybrid!.definition);
    expect(after!.manifest.hmm).toEqual(before!.manifest.hmm);
    expect(Object.keys(before!.manifest.calibration!.confidence)).toContain('hybrid');
    expect(Object.keys(after!.manifest.calibration!.confidence)).toEqual(['hmm']);
    const service = await startService(models.path);
    try {
      const wav = syntheticWav({ seconds: 1, seed: 1 });
      for (const decoder of ['ctc_greedy', 'ctc_beam', 'hmm', 'hybrid']) {
        const response = await postRecording(service, wav, { model: 'tiny-int8', decoder });
        expect(response.status, decoder).toBe(200);
      }
      const batchOf = async (name: string) => {
        const view = await (await fetch(`${service.url}/v1/models/${name}`)).json();
        return (view as { limits: { batch: number } }).limits.batch;
      };
      expect([await batchOf('tiny'), await batchOf('tiny-int8')]).toEqual([8, 1]);
    } finally {
      await service.close();
    }
  });

  it('refuses to write over the model, and a network that is integers already', async () => {
    const onto = await soriHere(['quantise', model(), '--out', `${model()}/`]);
    expect([onto.code, onto.stderr]).toEqual([2, expect.stringContaining('another folder')]);
    const twice = await soriHere(['quantise', out(), '--out', `${out()}-again`]);
    expect([twice.code, twice.stderr]).toEqual([1, expect.stringContaining('quantised already')]);
    await rm(`${out()}-again`, { recursive: true, force: true });
  });
});
