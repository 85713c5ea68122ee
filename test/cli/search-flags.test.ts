import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyModel } from '../support/tiny-model.ts';
import { soriHere } from './command-line.ts';
import { type HeardClips, makeHeardClips } from './heard-clips.ts';

let heardClips: HeardClips;
let model: string;
beforeAll(async () => {
  heardClips = await makeHeardClips();
  model = join(heardClips.folder.path, 'searching');
  const grammar = { sequence: ['one', { alternatives: ['two', 'three'] }] };
  await writeTinyModel(heardClips.folder.path, {
    name: 'searching',
    hmm: true,
    grammars: { 'one-more': { description: 'One, and two or three', grammar } },
  });
});
afterAll(() => heardClips.folder.remove());

const file = (index: number) => heardClips.clips[index]!.path;
const transcribe = (...args: string[]) =>
  soriHere(['transcribe', file(0), '--model', model, ...args]);

describe('what a search is asked on the command line', () => {
  it('lists n best hypotheses behind their scores, best first', async () => {
    const { code, stdout } = await transcribe('--n-best', '4');
    const lines = stdout.trimEnd().split('\n');
    expect([code, lines.length]).toEqual([0, 4]);
    const scores = lines.map((line) => Number(/^(-?\d+\.\d{3})\t[a-z ]*$/.exec(line)![1]));
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const { stdout: json } = await transcribe('--n-best', '4', '--json');
    const { hypotheses, decoder, text } = JSON.parse(json);
    expect([decoder, hypotheses.length]).toEqual(['ctc_beam', 4]);
    expect(hypotheses[0]).toMatchObject({ text, score_parts: { acoustic: expect.any(Number) } });
  });

  it('holds to a grammar of the model, to words, and to a file in JSGF', async () => {
    const jsgf = join(heardClips.folder.path, 'two.jsgf');
    writeFileSync(jsgf, '#JSGF V1.0;\ngrammar two;\npublic <two> = five [four] zero;\n');
    for (const decoder of ['ctc_beam', 'hmm']) {
      const held = async (grammar: string) =>
        (await transcribe('--decoder', decoder, '--grammar', grammar)).stdout.trim();
      expect(await held('one-more')).toMatch(/^one (two|three)$/);
      expect(await held('four four')).toBe('four four');
      expect(await held(jsgf)).toMatch(/^five (four )?zero$/);
    }
  });

  it('hears a hotword sooner', async () => {
    const fives = async (weight: number) => {
      const { stdout } = await transcribe('--hotword', `five:${weight}`, '--hotword', 'one two');
      return stdout.split(/\s/).filter((word) => word === 'five').length;
    };
    expect(await fives(-100)).toBe(0);
    expect(await fives(30)).toBeGreaterThan(0);
  });

  it('compares all decoders by default, each doing of it what it can', async () => {
    const args = ['compare', file(0), '--model', model, '--json', '--grammar', 'one-more'];
    const { code, stdout } = await soriHere(args);
    const { decoders, alignments } = JSON.parse(stdout);
    expect([code, alignments.length]).toEqual([0, 3]);
    const [greedy, ...others] = decoders as { decoder: string; text: string }[];
    expect(greedy!.decoder).toBe('ctc_greedy');
    expect(others.map(({ decoder }) => decoder)).toEqual(['ctc_beam', 'hmm']);
    for (const { text } of others) expect(text).toMatch(/^one (two|three)$/);
  });

  it('measures a decoder that searches', async () => {
    const manifest = join(heardClips.folder.path, 'manifest.jsonl');
    const [clip] = heardClips.clips;
    writeFileSync(
      manifest,
      JSON.stringify({
        ...{ audio_filepath: clip!.name, duration: clip!.seconds, text: 'one two' },
        ...{ speaker: 'ann', corpus: 'tiny' },
      }),
    );
    const args = ['evaluate', '--model', model, '--manifest', manifest, '--grammar', 'one two'];
    const { stdout } = await soriHere([...args, '--json']);
    const { decoder, scores } = JSON.parse(stdout);
    expect(decoder).toBe('ctc_beam');
    expect(scores.total.words).toMatchObject({ hits: 2, rate: 0 });
  });

  it.each<[string[], string]>([
    [['--decoder', 'ctc_greedy', '--beam-width', '5'], 'beam_width: expected it only with decoder'],
    [['--decoder', 'hmm', '--hotword', 'one'], 'hotwords: expected it only with decoder ctc_beam'],
    [['--hotword', 'one:loud'], 'hotwords.0.weight: expected a number, got "loud"'],
    [['--grammar', '{"sequence": 3}'], 'grammar.sequence: expected a list, got 3'],
    [['--beam-width', '0'], 'expected a whole number from 1'],
    [['--n-best', 'all'], 'expected a whole number from 1'],
  ])('exits with 2 at %j', async (args, message) => {
    const { code, stderr } = await transcribe(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('says of words that the model cannot hear that it cannot, and exits with 1', async () => {
    const { code, stderr } = await transcribe('--grammar', 'xyzzy');
    expect(code).toBe(1);
    expect(stderr).toContain('grammar: expected one-more, or words that model searching can hear');
  });
});
