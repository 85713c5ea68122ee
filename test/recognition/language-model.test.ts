import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FiniteGrammar } from '../../src/language/finite-grammar.ts';
import { loadNgramModel } from '../../src/language/ngram/load.ts';
import { encodeImage } from '../../src/language/ngram/model-image.ts';
import { loadModelFolder } from '../../src/recognition/model-folder.ts';
import type { ModelManifest } from '../../src/recognition/model-manifest.ts';
import { Recognizer } from '../../src/recognition/recognizer.ts';
import { syntheticWaveform } from '../support/recording.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

/** Knows the words of the tiny model, and that after "five" comes nothing but "four", or the end. */
const arpa = `
\\data\\
ngram 1=8
ngram 2=3

\\1-grams:
-99 <s> -0.1
-1.2 </s>
-0.9 zero
-0.9 one
-0.9 two
-0.9 three
-0.9 four
-0.3 five -5

\\2-grams:
-0.2 <s> five
-0.1 five four
-0.9 five </s>

\\end\\
`;

describe('the n-gram model of a folder', () => {
  const waveform = syntheticWaveform({ seconds: 1.2, seed: 5 });
  let models: TemporaryFolder;
  let folder: string;
  let manifest: ModelManifest;

  beforeAll(async () => {
    models = await temporaryFolder();
    folder = join(models.path, 'tiny');
  });
  afterAll(() => models.remove());
  beforeEach(async () => {
    manifest = await writeTinyModel(models.path);
  });

  async function giveLanguage(
    bytes: string | Uint8Array,
    settings: { weight?: number } = {},
    file = 'lm.arpa',
    beam?: { wordScore: number },
  ): Promise<void> {
    await writeFile(join(folder, file), bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const ctc = { ...manifest.ctc, language: { file, sha256, ...settings }, beam };
    await writeFile(join(folder, 'model.json'), JSON.stringify({ ...manifest, ctc }));
  }
  const read = async (nBest = 1) => {
    const recognizer = await Recognizer.load(await loadModelFolder(folder));
    const how = { decoder: 'ctc_beam', beamWidth: 500, nBest } as const;
    return (await recognizer.recognizeWaveform(waveform, how)).hypotheses;
  };

  it('has a say in the beam search, by its weight', async () => {
    const [without] = await read();
    expect(Object.keys(without.scoreParts)).toEqual(['acoustic']);
    await giveLanguage(arpa, { weight: 10 });
    const [best] = await read();
    expect(best.text).toMatch(/^(five|four)( four)?/);
    expect(best.scoreParts['language']).toBeLessThan(0);
    await giveLanguage(arpa, { weight: 0 });
    const [unmoved] = await read();
    expect(unmoved.text).toBe(without.text);
    expect(unmoved.score).toBeCloseTo(without.score, 5);
  });

  it('is what the parts of each hypothesis’s score say', async () => {
    await giveLanguage(arpa, { weight: 0.5 }, 'lm.arpa', { wordScore: -0.25 });
    const hypotheses = await read(5);
    expect(hypotheses).toHaveLength(5);
    for (const { words, score, scoreParts } of hypotheses) {
      expect(scoreParts['words']).toBeCloseTo(-0.25 * words.length, 6);
      const sum = Object.values(scoreParts).reduce((total, part) => total + part, 0);
      expect(sum).toBeCloseTo(score, 6);
      const texts = words.map(({ word }) => word);
      expect(scoreParts['language']).toBeCloseTo(0.5 * Math.LN10 * lgOf(texts), 4);
    }
  });

  it('is the same gzipped, and as an image', async () => {
    await giveLanguage(arpa);
    const [plain] = await read();
    await giveLanguage(gzipSync(arpa), {}, 'lm.arpa.gz');
    expect((await read())[0]).toEqual(plain);
    const image = encodeImage(await loadNgramModel(join(folder, 'lm.arpa')));
    await giveLanguage(image, {}, 'lm.bin');
    expect((await read())[0]).toEqual(plain);
  });

  it('is listed among the files of the model', async () => {
    await giveLanguage(arpa);
    const { files } = await loadModelFolder(folder);
    expect(files.map(({ name }) => name)).toEqual(['ctc.onnx', 'lm.arpa']);
  });

  it('is refused with one changed byte, where it is no ARPA file, and where it is not there', async () => {
    await giveLanguage(arpa);
    await writeFile(join(folder, 'lm.arpa'), arpa.replace('-0.2', '-0.3'));
    await expect(loadModelFolder(folder)).rejects.toThrow('lm.arpa: expected sha256');
    await giveLanguage(arpa.replace('-0.2 <s> five', '-0.2 <s> six'));
    await expect(loadModelFolder(folder)).rejects.toThrow(/lm\.arpa.*\b1\d\b/s);
    const text = await readFile(join(folder, 'model.json'), 'utf8');
    await writeFile(join(folder, 'model.json'), text.replace('lm.arpa', 'none.arpa'));
    await expect(loadModelFolder(folder)).rejects.toThrow('none.arpa: cannot be read');
  });
});

describe('what a folder says of its beam search', () => {
  const waveform = syntheticWaveform({ seconds: 1.2, seed: 5 });

  it('weighs words, and changes to other speech, without an n-gram model', async () => {
    const models = await temporaryFolder();
    try {
      const manifest = await writeTinyModel(models.path);
      const folder = join(models.path, 'tiny');
      const read = async (beam: object) => {
        const ctc = { ...manifest.ctc, beam };
        await writeFile(join(folder, 'model.json'), JSON.stringify({ ...manifest, ctc }));
        const recognizer = await Recognizer.load(await loadModelFolder(folder));
        const how = { decoder: 'ctc_beam', beamWidth: 200, nBest: 5 } as const;
        return (await recognizer.recognizeWaveform(waveform, how)).hypotheses;
      };
      for (const { words, scoreParts } of await read({ wordScore: -0.5 })) {
        expect(scoreParts).toMatchObject({ language: 0, hotwords: 0 });
        expect(scoreParts['words']).toBeCloseTo(-0.5 * words.length, 9);
      }
      const [free] = await read({ changeScore: -1e-9 });
      const [dear] = await read({ changeScore: -1000 });
      expect(free.scoreParts['words']).toBeCloseTo(0, 6);
      expect(dear.scoreParts['words']).toBe(0);
      await expect(read({ changeScore: 0.5 })).rejects.toThrow('ctc.beam.changeScore');
    } finally {
      await models.remove();
    }
  });
});

describe('the grammars of a folder', () => {
  it.each<[string, object, RegExp]>([
    ['words that the model cannot hear', { sequence: ['one', 'xyzzy'] }, /grammars\.some: .*xyzzy/],
    ['more than can be searched', { repeat: 'one', times: 50_000 }, /grammars\.some: .*at most/],
    ['a form that there is not', { either: ['one'] }, /at grammars\.some\.grammar/],
  ])('are refused with %s', async (_, grammar, message) => {
    const models = await temporaryFolder();
    try {
      const grammars = { some: { description: 'Some', grammar: grammar as FiniteGrammar } };
      for (const hmm of [false, true]) {
        await writeTinyModel(models.path, { hmm, grammars });
        const load = async () => Recognizer.load(await loadModelFolder(join(models.path, 'tiny')));
        await expect(load()).rejects.toThrow(message);
      }
    } finally {
      await models.remove();
    }
  });
});

/** lg p of words under the model above, by hand: a bigram where there is one, else back-off and unigram. */
function lgOf(words: readonly string[]): number {
  const bigrams: Record<string, number> = {
    '<s> five': -0.2,
    'five four': -0.1,
    'five </s>': -0.9,
  };
  const unigrams: Record<string, number> = { '</s>': -1.2, five: -0.3 };
  const backOffs: Record<string, number> = { '<s>': -0.1, five: -5 };
  let sum = 0;
  let before = '<s>';
  for (const word of [...words, '</s>']) {
    const known = bigrams[`${before} ${word}`];
    sum += known ?? (backOffs[before] ?? 0) + (unigrams[word] ?? -0.9);
    before = word;
  }
  return sum;
}
