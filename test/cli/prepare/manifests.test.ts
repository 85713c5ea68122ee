import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeAudio } from '../../../src/audio/decode.ts';
import type { SourceClip } from '../../../src/cli/prepare/corpus.ts';
import { writeManifests } from '../../../src/cli/prepare/manifests.ts';
import { readManifest } from '../../../src/training/data/manifest.ts';
import { noise, pcm, plantTree, sphere, type Tree, wav } from './corpus-tree.ts';

let tree: Tree;
afterEach(() => tree.remove());

const clip = (split: SourceClip['split'], file: string, text: string): SourceClip => ({
  split,
  path: join(tree.root, 'source', file),
  text,
  speaker: 'ann',
});

function write(clips: SourceClip[], more: { rawByteOrder?: 'big'; signal?: AbortSignal } = {}) {
  return writeManifests(clips, {
    corpus: 'tiny',
    out: join(tree.root, 'out', 'tiny'),
    signal: new AbortController().signal,
    onProgress: () => {},
    ...more,
  });
}

describe('writeManifests', () => {
  it('writes a row a clip that the trainer’s reader takes, with paths relative to the manifest', async () => {
    tree = plantTree({ 'source/a.wav': wav(0.5), 'source/b.wav': wav(0.25, 16000) });
    const summary = await write([clip('train', 'b.wav', ' Two  ONE'), clip('dev', 'a.wav', 'one')]);
    expect(summary).toEqual([
      { split: 'train', clips: 1, hours: 0.25 / 3600 },
      { split: 'dev', clips: 1, hours: 0.5 / 3600 },
    ]);
    const train = join(tree.root, 'out', 'tiny', 'train.jsonl');
    expect(readFileSync(train, 'utf8')).toBe(
      '{"audio_filepath":"../../source/b.wav","duration":0.25,"text":"two one","speaker":"ann","corpus":"tiny"}\n',
    );
    const { rows } = await readManifest(train);
    expect(rows).toMatchObject([
      { audioPath: join(tree.root, 'source', 'b.wav'), seconds: 0.25, words: ['two', 'one'] },
    ]);
    expect(existsSync(join(tree.root, 'out', 'tiny', 'test.jsonl'))).toBe(false);
  });

  it('turns SPHERE and raw recordings into WAV of the same samples', async () => {
    const samples = noise(0.2, 16000);
    tree = plantTree({ 'source/c.sph': sphere(samples), 'source/d.raw': pcm(samples, false) });
    const clips = [clip('train', 'c.sph', 'one'), clip('train', 'd.raw', 'two')];
    await write(clips, { rawByteOrder: 'big' });
    const { rows } = await readManifest(join(tree.root, 'out', 'tiny', 'train.jsonl'));
    expect(rows.map(({ seconds }) => seconds)).toEqual([0.2, 0.2]);
    for (const { audioPath } of rows) {
      expect(audioPath).toMatch(/out\/tiny\/audio\/ann\/[cd]\.wav$/u);
      const waveform = await decodeAudio(readFileSync(audioPath), { maxSeconds: 1 });
      expect(waveform).toEqual({ sampleRateHz: 16000, samples });
    }
  });

  it('asks for the byte order of raw recordings instead of guessing it', async () => {
    tree = plantTree({ 'source/d.raw': pcm(noise(0.1), false) });
    await expect(write([clip('train', 'd.raw', 'two')])).rejects.toThrow('--raw-byte-order');
  });

  it('names every recording that cannot be used, and leaves no manifest', async () => {
    tree = plantTree({ 'source/a.wav': wav(0.5), 'source/bad.wav': 'no audio at all' });
    const clips = ['a.wav', 'bad.wav', 'missing.wav'].map((file) => clip('train', file, 'one'));
    const failure = await write(clips).catch((error: Error) => error.message);
    expect(failure).toContain('2 of 3 recordings cannot be used');
    expect(failure).toContain(join(tree.root, 'source', 'bad.wav'));
    expect(failure).toContain(join(tree.root, 'source', 'missing.wav'));
    expect(existsSync(join(tree.root, 'out'))).toBe(false);
  });

  it('stops when it is told to, with the manifests of before untouched', async () => {
    tree = plantTree({ 'source/a.wav': wav(0.5), 'out/tiny/train.jsonl': 'before\n' });
    mkdirSync(join(tree.root, 'out', 'tiny'), { recursive: true });
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(write([clip('train', 'a.wav', 'one')], { signal })).rejects.toThrow('stopped');
    expect(readdirSync(join(tree.root, 'out', 'tiny'))).toEqual(['train.jsonl']);
    expect(readFileSync(join(tree.root, 'out', 'tiny', 'train.jsonl'), 'utf8')).toBe('before\n');
  });
});
