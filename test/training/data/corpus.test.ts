import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeWav } from '../../../src/audio/wav.ts';
import { Random } from '../../../src/math/random.ts';
import { dataSchema } from '../../../src/training/data/config.ts';
import { loadCorpus, loadRecordings } from '../../../src/training/data/corpus.ts';
import { loadTrainingData, manifestsOf } from '../../../src/training/data/load.ts';
import { parseManifest } from '../../../src/training/data/manifest.ts';
import { burst, sampleRateHz } from './corpora.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sori-corpus-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const line = (row: object) => JSON.stringify({ duration: 0.5, text: 'one', ...row });

async function writeRecording(name: string, seconds: number, rateHz = sampleRateHz) {
  const samples = burst((seconds * rateHz) / sampleRateHz, 500, new Random(seconds * 1000));
  await writeFile(join(folder, name), encodeWav({ sampleRateHz: rateHz, samples }));
  return samples;
}

async function writeManifest(lines: readonly string[]): Promise<string> {
  const path = join(folder, 'train.jsonl');
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

describe('parseManifest', () => {
  test('reads rows, finds recordings beside the manifest and lower-cases words', () => {
    const source = `${line({ audio_filepath: 'a/x.flac', text: 'One  TWO', speaker: 's1', extra: 1 })}\n\n${line({ audio_filepath: '/abs/y.wav', text: '', offset: 1.5 })}\n`;
    expect(parseManifest('/corpora/set/train.jsonl', source)).toEqual([
      {
        audioPath: '/corpora/set/a/x.flac',
        seconds: 0.5,
        offsetSeconds: undefined,
        words: ['one', 'two'],
        speaker: 's1',
        corpus: '',
        line: 1,
      },
      {
        audioPath: '/abs/y.wav',
        seconds: 0.5,
        offsetSeconds: 1.5,
        words: [],
        speaker: '',
        corpus: '',
        line: 3,
      },
    ]);
  });

  test('names manifest, line and field of a row that is wrong', () => {
    const good = line({ audio_filepath: 'x.wav' });
    expect(() => parseManifest('m.jsonl', `${good}\n{"text": `)).toThrow(
      /^m\.jsonl:2: expected a JSON/,
    );
    expect(() => parseManifest('m.jsonl', `${good}\n\n{"text": "a", "duration": 1}`)).toThrow(
      /^m\.jsonl:3: audio_filepath: /,
    );
    const backwards = line({ audio_filepath: 'x.wav', duration: -1 });
    expect(() => parseManifest('m.jsonl', backwards)).toThrow(/^m\.jsonl:1: duration: /);
  });
});

describe('loadCorpus', () => {
  test('decodes clips in the order of the rows, resampled to one rate', async () => {
    const exact = await writeRecording('a.wav', 0.5);
    await writeRecording('b.wav', 0.25, 16000);
    const path = await writeManifest([
      line({ audio_filepath: 'a.wav' }),
      line({ audio_filepath: 'b.wav', text: 'two' }),
      line({ audio_filepath: 'a.wav', offset: 0.1, duration: 0.2 }),
    ]);
    const { rows, audio } = await loadCorpus(path, { sampleRateHz, threads: 1 });
    expect(rows.map(({ words }) => words)).toEqual([['one'], ['two'], ['one']]);
    expect([...audio.offsets]).toEqual([0, 4000, 6000, 7600]);
    const whole = audio.samples.subarray(0, 4000);
    expect(whole).toEqual(Int16Array.from(exact, (x) => Math.round(x * 32768)));
    expect(audio.samples.slice(6000)).toEqual(whole.slice(800, 2400));
  });

  test('keeps what was decoded, and decodes again when a recording or a row has changed', async () => {
    await writeRecording('a.wav', 0.5);
    const path = await writeManifest([line({ audio_filepath: 'a.wav' })]);
    const options = { sampleRateHz, threads: 1, cacheFolder: join(folder, 'cache') };
    let decoded = 0;
    const load = () => loadCorpus(path, { ...options, onProgress: (done) => (decoded += done) });
    const first = await load();
    expect(decoded).toBe(1);
    const again = await load();
    expect(decoded).toBe(1);
    expect(again.audio).toEqual(first.audio);
    expect(again.audio.samples.buffer).toBeInstanceOf(SharedArrayBuffer);

    await writeRecording('a.wav', 0.3);
    expect((await load()).audio.samples).toHaveLength(2400);
    expect(decoded).toBe(2);
    await writeManifest([line({ audio_filepath: 'a.wav', text: 'three' })]);
    await load();
    expect(decoded).toBe(3);
  });

  test('decodes again when the file in the cache is cut short, and leaves no partial file', async () => {
    await writeRecording('a.wav', 0.5);
    const path = await writeManifest([line({ audio_filepath: 'a.wav' })]);
    const cacheFolder = join(folder, 'cache');
    const options = { sampleRateHz, threads: 1, cacheFolder };
    const { audio } = await loadCorpus(path, options);
    const [name, ...others] = await readdir(cacheFolder);
    expect(others).toEqual([]);
    await writeFile(join(cacheFolder, name!), new Uint8Array(20));
    expect((await loadCorpus(path, options)).audio).toEqual(audio);
  });

  test('names the manifest line whose recording is missing or no audio', async () => {
    await writeRecording('a.wav', 0.5);
    await writeFile(join(folder, 'text.wav'), 'not a recording');
    const good = line({ audio_filepath: 'a.wav' });
    const missing = await writeManifest([good, line({ audio_filepath: 'nowhere.wav' })]);
    await expect(loadCorpus(missing, { sampleRateHz, threads: 1 })).rejects.toThrow(
      /train\.jsonl:2: .*nowhere\.wav: /,
    );
    const text = await writeManifest([good, good, line({ audio_filepath: 'text.wav' })]);
    await expect(loadCorpus(text, { sampleRateHz, threads: 1 })).rejects.toThrow(
      /train\.jsonl:3: .*text\.wav: /,
    );
    await expect(loadCorpus(join(folder, 'no.jsonl'), { sampleRateHz })).rejects.toThrow(
      /no\.jsonl: cannot be read/,
    );
  });
});

describe('loadTrainingData', () => {
  const config = dataSchema.parse({
    noise: ['noises'],
    sources: [
      { name: 'a', kind: 'single', weight: 1, pools: [{ manifest: 'set/train.jsonl' }] },
      { name: 'b', kind: 'utterances', weight: 1, pools: [{ manifest: 'set/train.jsonl' }] },
    ],
  });

  test('loads each manifest once, and every recording of a noise folder', async () => {
    expect(manifestsOf(config)).toEqual(['set/train.jsonl']);
    await mkdir(join(folder, 'set'));
    await mkdir(join(folder, 'noises'));
    await writeRecording('set/a.wav', 0.5);
    await writeRecording('noises/x.wav', 0.4);
    await writeRecording('noises/y.wav', 0.3);
    await writeFile(join(folder, 'set/train.jsonl'), line({ audio_filepath: 'a.wav' }));
    const { corpora, noise } = await loadTrainingData(config, [join(folder, 'none'), folder], {
      sampleRateHz,
      threads: 1,
    });
    expect(corpora['set/train.jsonl']?.rows).toHaveLength(1);
    expect([...noise.offsets]).toEqual([0, 3200, 5600]);
  });

  test('says where it looked for a manifest that is nowhere', async () => {
    await expect(loadTrainingData(config, [folder], { sampleRateHz })).rejects.toThrow(
      `set/train.jsonl is in none of the corpora roots: ${folder}`,
    );
  });
});

test('loadRecordings names the recording that cannot be decoded', async () => {
  const path = join(folder, 'hiss.flac');
  await writeFile(path, 'hiss');
  await expect(loadRecordings([path], { sampleRateHz, threads: 1 })).rejects.toThrow(
    /hiss\.flac: /,
  );
});
