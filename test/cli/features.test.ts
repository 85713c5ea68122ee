import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseJsonFeatures, splitJsonBody } from '../../src/recognition/feature-bodies/json.ts';
import { parseNpyFeatures } from '../../src/recognition/feature-bodies/npy.ts';
import { parseRawFeatures } from '../../src/recognition/feature-bodies/raw.ts';
import { loadModelFolder } from '../../src/recognition/model-folder.ts';
import { Recognizer } from '../../src/recognition/recognizer.ts';
import { writeTinyModel } from '../support/tiny-model.ts';
import { soriHere } from './command-line.ts';
import { type HeardClips, makeHeardClips } from './heard-clips.ts';

let heardClips: HeardClips;
let recognizer: Recognizer;
beforeAll(async () => {
  heardClips = await makeHeardClips();
  recognizer = await Recognizer.load(await loadModelFolder(heardClips.model));
});
afterAll(() => heardClips.folder.remove());

const featuresTo = (out: string, ...flags: string[]) =>
  soriHere([
    'features',
    heardClips.clips[0]!.path,
    '--model',
    heardClips.model,
    '--out',
    out,
    ...flags,
  ]);

it('writes what the service reads as the features of the recording, in all three encodings', async () => {
  const out = (ending: string) => join(heardClips.folder.path, `clip${ending}`);
  const { code, stdout } = await featuresTo(out('.json'), '--json');
  expect(code).toBe(0);
  const ctc = recognizer.pass('ctc');
  const shape = JSON.parse(stdout) as { frames: number; dims: number };
  expect(shape).toMatchObject({
    out: out('.json'),
    dims: ctc.dims,
    frameShiftSeconds: ctc.frameShiftSeconds,
  });
  expect((await featuresTo(out('.npy'))).stdout).toContain(
    `frames=${shape.frames} dims=${shape.dims}`,
  );
  await featuresTo(out('.f32'));

  const demands = { dims: ctc.dims, maxFrames: shape.frames };
  const json = readFileSync(out('.json'));
  const { matrices } = splitJsonBody(json, ['features']);
  const fromJson = parseJsonFeatures(json, matrices.get('features')!, demands);
  expect(fromJson.frames).toBe(shape.frames);
  expect(parseNpyFeatures(readFileSync(out('.npy')), demands)).toEqual(fromJson);
  expect(parseRawFeatures(readFileSync(out('.f32')), shape, demands)).toEqual(fromJson);

  const { hypotheses } = await recognizer.recognizeFeatures(fromJson, { decoder: 'ctc_greedy' });
  expect(hypotheses[0].text).toBe(heardClips.clips[0]!.heard);
});

it('refuses a file whose ending names no encoding, and writes nothing', async () => {
  const out = join(heardClips.folder.path, 'clip.csv');
  const { code, stderr } = await featuresTo(out);
  expect(code).toBe(2);
  expect(stderr).toContain('--out: expected one of .json, .npy, .f32, got ');
  expect(existsSync(out)).toBe(false);
});

it('writes the HMM’s features where they are asked for, and refuses where there is no HMM', async () => {
  const out = join(heardClips.folder.path, 'clip.npy');
  const refused = await featuresTo(out, '--for', 'hmm');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('acoustic_model: model tiny has ctc, got hmm');

  await writeTinyModel(heardClips.folder.path, { name: 'both', hmm: true });
  const both = join(heardClips.folder.path, 'both');
  const { code, stdout } = await featuresTo(out, '--model', both, '--for', 'hmm', '--json');
  expect(code).toBe(0);
  const shape = JSON.parse(stdout) as { frames: number; dims: number };
  expect(shape).toMatchObject({ model: 'both', for: 'hmm', dims: 12, frameShiftSeconds: 0.01 });
  const demands = { dims: 12, maxFrames: shape.frames };
  expect(parseNpyFeatures(readFileSync(out), demands).frames).toBe(shape.frames);
});

it('writes what the CTC network reads where the hybrid’s features are asked for', async () => {
  await writeTinyModel(heardClips.folder.path, { name: 'three', hmm: true, hybrid: true });
  const model = join(heardClips.folder.path, 'three');
  const bodies = [];
  for (const reader of ['ctc', 'hybrid']) {
    const out = join(heardClips.folder.path, `${reader}.npy`);
    expect((await featuresTo(out, '--model', model, '--for', reader)).code).toBe(0);
    bodies.push(readFileSync(out));
  }
  expect(bodies[1]).toEqual(bodies[0]);
});
