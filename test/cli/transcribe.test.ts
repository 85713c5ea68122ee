import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sori, soriHere } from './command-line.ts';
import { type HeardClips, makeHeardClips } from './heard-clips.ts';

let heardClips: HeardClips;
beforeAll(async () => {
  heardClips = await makeHeardClips();
});
afterAll(() => heardClips.folder.remove());

const file = (index: number) => heardClips.clips[index]!.path;
const heard = (index: number) => heardClips.clips[index]!.heard;

describe('sori transcribe', () => {
  it('prints the text of one file alone, and names several in their order', async () => {
    const one = await soriHere(['transcribe', file(0), '--model', heardClips.model]);
    expect(one).toEqual({ code: 0, stdout: `${heard(0)}\n`, stderr: '' });
    const files = [file(2), file(0), file(3)];
    const several = await soriHere(['transcribe', ...files, '--model', heardClips.model]);
    expect(several.stdout).toBe(
      [2, 0, 3].map((clip) => `${file(clip)}: ${heard(clip)}\n`).join(''),
    );
  });

  it('reports a file that is no audio, does the others, and exits with 1', async () => {
    const bad = join(heardClips.folder.path, 'bad.wav');
    writeFileSync(bad, 'no audio at all');
    const files = [file(0), bad, join(heardClips.folder.path, 'missing.wav'), file(1)];
    const { code, stdout, stderr } = await soriHere([
      'transcribe',
      ...files,
      '--model',
      heardClips.model,
    ]);
    expect(code).toBe(1);
    expect(stdout).toBe(`${file(0)}: ${heard(0)}\n${file(1)}: ${heard(1)}\n`);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringContaining(`error: ${bad}: `),
      expect.stringMatching(/missing\.wav: .*ENOENT/u),
    ]);
  });

  it('prints a JSON object a file, with words, times and the error’s code', async () => {
    const bad = join(heardClips.folder.path, 'bad.wav');
    writeFileSync(bad, 'no audio at all');
    const args = ['transcribe', '--json', file(1), bad, '--model', heardClips.model];
    const { code, stdout } = await soriHere(args);
    const [good, failed] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(1);
    expect(good).toMatchObject({ file: file(1), text: heard(1), model: 'tiny', duration: 2 });
    expect(good.words.map(({ word }: { word: string }) => word).join(' ')).toBe(heard(1));
    for (const { start, end } of good.words) {
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeGreaterThan(start);
      expect(end).toBeLessThanOrEqual(2);
    }
    expect(failed).toMatchObject({ file: bad, error: { code: 'undecodable_audio' } });
  });

  it('finds a model by its name in the models directory', async () => {
    const { code, stdout } = await sori(['transcribe', file(0), '--model', 'tiny'], {
      env: { SORI_MODELS: heardClips.folder.path },
    });
    expect([code, stdout]).toEqual([0, `${heard(0)}\n`]);
    const unknown = await sori(['transcribe', file(0), '--model', 'huge'], {
      env: { SORI_MODELS: heardClips.folder.path },
    });
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain(
      `no model.json in huge nor in ${join(heardClips.folder.path, 'huge')}`,
    );
  });

  it('exits with 2 for a setting that it cannot use, and leaves alone those of the server', async () => {
    const args = ['transcribe', file(0), '--model', heardClips.model];
    expect(await sori(args, { env: { PORT: 'abc', SORI_WORKERS: 'many' } })).toMatchObject({
      code: 0,
      stdout: `${heard(0)}\n`,
    });
    expect(await sori(args, { env: { SORI_MODEL: 'models' } })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: unknown setting SORI_MODEL\n',
    });
  });
});
