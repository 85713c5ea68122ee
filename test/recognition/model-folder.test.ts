import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HmmDefinition } from '../../src/hmm/definition.ts';
import { loadModelFolder, loadModelFolders } from '../../src/recognition/model-folder.ts';
import type { ModelManifest } from '../../src/recognition/model-manifest.ts';
import { Recognizer } from '../../src/recognition/recognizer.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

describe('model folders', () => {
  let models: TemporaryFolder;
  let folder: string;

  beforeEach(async () => {
    models = await temporaryFolder();
    folder = join(models.path, 'tiny');
    await writeTinyModel(models.path);
  });
  afterEach(() => models.remove());

  /** Rewrites model.json; `edit` gets it as plain JSON. */
  async function edit(change: (manifest: ModelManifest) => unknown): Promise<void> {
    const file = join(folder, 'model.json');
    const manifest = JSON.parse(await readFile(file, 'utf8')) as ModelManifest;
    await writeFile(file, JSON.stringify(change(manifest)));
  }

  it('loads a whole folder with the bytes that its sha256 promises', async () => {
    const model = await loadModelFolder(folder);
    expect(model.name).toBe('tiny');
    expect(Buffer.from(model.ctc).equals(await readFile(join(folder, 'ctc.onnx')))).toBe(true);
    expect(model.files).toEqual([
      { name: 'ctc.onnx', sha256: model.manifest.ctc.sha256, bytes: model.ctc.byteLength },
    ]);
    const recognizer = await Recognizer.load(model);
    expect(recognizer.pass('ctc')).toMatchObject({ dims: 24, frameShiftSeconds: 0.02 });
  });

  it('finds every model of a directory by name, through links, past files and hidden folders', async () => {
    await writeTinyModel(models.path, { name: 'also-tiny', seed: 8 });
    await mkdir(join(models.path, '.hidden'));
    await writeFile(join(models.path, 'README.md'), 'about models');
    await rename(folder, join(models.path, '.elsewhere'));
    await symlink('.elsewhere', folder);
    const names = (await loadModelFolders(models.path)).map(({ name }) => name);
    expect(names).toEqual(['also-tiny', 'tiny']);
  });

  it('refuses a directory without models, and one that is not there', async () => {
    await rm(folder, { recursive: true });
    await expect(loadModelFolders(models.path)).rejects.toThrow(
      `${models.path}: expected at least one folder with a model.json, got none`,
    );
    await expect(loadModelFolders(folder)).rejects.toThrow(`${folder}: cannot be listed: ENOENT`);
  });

  it('refuses a link to nowhere, and names it', async () => {
    await symlink('.nowhere', join(models.path, 'lost'));
    await expect(loadModelFolders(models.path)).rejects.toThrow(
      `${join(models.path, 'lost')}: cannot be read: ENOENT`,
    );
  });

  it('refuses a folder without model.json', async () => {
    await rm(join(folder, 'model.json'));
    await expect(loadModelFolders(models.path)).rejects.toThrow(
      `${join(folder, 'model.json')}: cannot be read: ENOENT`,
    );
  });

  it('refuses a manifest that is no JSON', async () => {
    await writeFile(join(folder, 'model.json'), '{"format": 1,');
    await expect(loadModelFolder(folder)).rejects.toThrow(/model\.json: expected JSON: /);
  });

  it.each<[string, (manifest: ModelManifest) => unknown, RegExp]>([
    ['an unknown key', (m) => ({ ...m, sampleRate: 8000 }), /sampleRate/],
    ['another format', (m) => ({ ...m, format: 2 }), /at format/],
    ['a recipe with a missing field', (m) => ({ ...m, features: {} }), /at features/],
    [
      'a blank that is no label',
      (m) => ({ ...m, alphabet: { ...m.alphabet, blank: 8 } }),
      /at alphabet\.blank/,
    ],
    [
      'a file outside of the folder',
      (m) => ({ ...m, ctc: { ...m.ctc, file: '../tiny/ctc.onnx' } }),
      /at ctc\.file/,
    ],
    ['a name other than its folder', (m) => ({ ...m, name: 'huge' }), /"tiny", got "huge"/],
    [
      'a file that is not there',
      (m) => ({ ...m, ctc: { ...m.ctc, file: 'best.onnx' } }),
      /best\.onnx: cannot be read: ENOENT/,
    ],
  ])('refuses a manifest with %s and names the place', async (_, change, message) => {
    await edit(change);
    await expect(loadModelFolder(folder)).rejects.toThrow(message);
  });

  it('refuses a graph with one changed bit', async () => {
    const file = join(folder, 'ctc.onnx');
    const graph = await readFile(file);
    graph[1000]! ^= 1;
    await writeFile(file, graph);
    await expect(loadModelFolder(folder)).rejects.toThrow(
      /ctc\.onnx: expected sha256 [0-9a-f]{64}/,
    );
  });

  it('refuses a graph with another number of labels than the alphabet', async () => {
    await edit((m) => {
      const { alphabet } = m;
      return { ...m, alphabet: { ...alphabet, labels: [...alphabet.labels, 'six'] } };
    });
    const model = await loadModelFolder(folder);
    await expect(Recognizer.load(model)).rejects.toThrow(
      'tiny/ctc.onnx: expected output "log_probs" (float32, rank 3) with 9 columns',
    );
  });

  it('refuses a graph that reads rows of another width than the recipe makes', async () => {
    await edit((m) => ({ ...m, features: { ...m.features, stack: 1 } }));
    const model = await loadModelFolder(folder);
    await expect(Recognizer.load(model)).rejects.toThrow(
      'tiny/ctc.onnx: expected input "features" (float32, rank 3) with 12 columns',
    );
  });

  describe('with an HMM', () => {
    beforeEach(() => writeTinyModel(models.path, { hmm: true }));

    type HmmSection = NonNullable<ModelManifest['hmm']>;
    const editHmm = (change: (hmm: HmmSection) => unknown) =>
      edit((m) => ({ ...m, hmm: change(m.hmm!) }));

    /** Rewrites hmm.json and its sha256; `change` gets it as plain JSON. */
    async function editDefinition(change: (definition: HmmDefinition) => unknown): Promise<void> {
      const file = join(folder, 'hmm.json');
      const definition = JSON.parse(await readFile(file, 'utf8')) as HmmDefinition;
      const text = JSON.stringify(change(definition));
      await writeFile(file, text);
      const sha256 = createHash('sha256').update(text).digest('hex');
      await editHmm((hmm) => ({ ...hmm, definition: { ...hmm.definition, sha256 } }));
    }

    it('loads its graph and its definition', async () => {
      const model = await loadModelFolder(folder);
      const { graph, definition } = model.hmm!;
      expect(Buffer.from(graph).equals(await readFile(join(folder, 'hmm.onnx')))).toBe(true);
      expect(definition).toMatchObject({ format: 1, emissions: 20, silence: 'sil' });
      expect(model.files.map(({ name }) => name)).toEqual(['ctc.onnx', 'hmm.onnx', 'hmm.json']);
      const recognizer = await Recognizer.load(model);
      expect(recognizer.decoderNames).toEqual(['ctc_greedy', 'ctc_beam', 'hmm']);
      expect(recognizer.pass('hmm')).toMatchObject({ dims: 12, frameShiftSeconds: 0.01 });
    });

    it('has no HMM in a folder whose model.json names none', async () => {
      await edit(({ hmm: _, ...rest }) => rest);
      const model = await loadModelFolder(folder);
      expect(model.hmm).toBeUndefined();
      expect((await Recognizer.load(model)).decoderNames).toEqual(['ctc_greedy', 'ctc_beam']);
    });

    it('takes what a card says of its training', async () => {
      const card = {
        training: {
          ...{ iterations: 40, components: 320, examples: 1000, hoursOfAudio: 1.5, seed: 1 },
          ...{ hours: 0.5, machine: 'two cores', date: '2026-01-31', command: 'sori train hmm' },
        },
        tried: ['8 instead of 16 Gaussians a state: 2.1 % instead of 1.8 %'],
      };
      await editHmm((hmm) => ({ ...hmm, card }));
      expect((await loadModelFolder(folder)).manifest.hmm!.card).toEqual(card);
    });

    it.each<[string, (hmm: HmmSection) => unknown, RegExp]>([
      ['an unknown key', (hmm) => ({ ...hmm, states: 3 }), /states/],
      ['no definition', ({ definition: _, ...rest }) => rest, /at hmm\.definition/],
      [
        'a file outside of the folder',
        (hmm) => ({ ...hmm, graph: { ...hmm.graph, file: '../hmm.onnx' } }),
        /at hmm\.graph\.file/,
      ],
      [
        'a file that is not there',
        (hmm) => ({ ...hmm, definition: { ...hmm.definition, file: 'best.json' } }),
        /best\.json: cannot be read: ENOENT/,
      ],
    ])('refuses a section with %s', async (_, change, message) => {
      await editHmm(change);
      await expect(loadModelFolder(folder)).rejects.toThrow(message);
    });

    it.each(['hmm.onnx', 'hmm.json'])('refuses %s with one changed bit', async (name) => {
      const file = join(folder, name);
      const bytes = await readFile(file);
      bytes[100]! ^= 1;
      await writeFile(file, bytes);
      await expect(loadModelFolder(folder)).rejects.toThrow(`${file}: expected sha256 `);
    });

    it.each<[string, (definition: HmmDefinition) => unknown, RegExp]>([
      ['an unknown key', (d) => ({ ...d, vocabulary: [] }), /hmm\.json: .*vocabulary/s],
      [
        'a word of units that it has not',
        (d) => ({ ...d, lexicon: { one: [['won']] } }),
        /hmm\.json: .*at lexicon/s,
      ],
      ['states beyond its columns', (d) => ({ ...d, emissions: 5 }), /hmm\.json: .*at units/s],
    ])('refuses a definition with %s', async (_, change, message) => {
      await editDefinition(change);
      await expect(loadModelFolder(folder)).rejects.toThrow(message);
    });

    it('refuses a graph with another number of columns than its definition', async () => {
      await editDefinition((d) => ({ ...d, emissions: 21 }));
      await expect(Recognizer.load(await loadModelFolder(folder))).rejects.toThrow(
        'tiny/hmm.onnx: expected output "log_probs" (float32, rank 3) with 21 columns',
      );
    });

    it('refuses a graph that reads rows of another width than its recipe makes', async () => {
      await editHmm((hmm) => ({ ...hmm, features: { ...hmm.features, stack: 2 } }));
      await expect(Recognizer.load(await loadModelFolder(folder))).rejects.toThrow(
        'tiny/hmm.onnx: expected input "features" (float32, rank 3) with 24 columns',
      );
    });
  });
});
