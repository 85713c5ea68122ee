import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AlignedClip } from '../../src/cli/align/aligned-clip.ts';
import { wordsFrom } from '../../src/cli/align/aligned-clip.ts';
import { ctm } from '../../src/cli/align/ctm.ts';
import { alignedJson } from '../../src/cli/align/json.ts';
import { textGrid } from '../../src/cli/align/textgrid.ts';
import { parseTextGrid } from './textgrid-parser.ts';

type Said = readonly [word: string, startSeconds: number, endSeconds: number];

/** A clip whose words have one unit of two states each, of equal length. */
function clip(recording: string, words: readonly Said[], durationSeconds = 2): AlignedClip {
  return {
    file: `${recording}.wav`,
    recording,
    text: words.map(([word]) => word).join(' '),
    model: 'tiny',
    method: 'hmm',
    startSeconds: 0,
    durationSeconds,
    score: -100,
    words: words.map(([word, startSeconds, endSeconds]) => {
      const span = { startSeconds, endSeconds, score: -10 };
      const middle = (startSeconds + endSeconds) / 2;
      const states = [
        { state: 0, startSeconds, endSeconds: middle, score: -4 },
        { state: 1, startSeconds: middle, endSeconds, score: -6 },
      ];
      return { word, ...span, confidence: 0.98765, units: [{ unit: word, ...span, states }] };
    }),
  };
}

describe('ctm', () => {
  it('writes waveform, channel, start, duration, word and confidence', () => {
    expect(ctm([clip('call', [['three', 0.11, 0.4125]])])).toBe(
      'call 1 0.110 0.303 three 0.9877\n',
    );
  });

  it('sorts by waveform and then by start, whatever the order of the clips', () => {
    const text = ctm([
      clip('b/2', [['one', 0, 0.5]]),
      clip('b/10', [
        ['two', 9.5, 10],
        ['six', 10, 10.5],
      ]),
      clip('b/10', [['oh', 0.5, 1]]),
    ]);
    const fields = text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' '));
    expect(fields.map(([waveform, , start, , word]) => [waveform, start, word])).toEqual([
      ['b/10', '0.500', 'oh'],
      ['b/10', '9.500', 'two'],
      ['b/10', '10.000', 'six'],
      ['b/2', '0.000', 'one'],
    ]);
  });

  it('lets a word end where the next one starts, rounded as they are', () => {
    const lines = ctm([
      clip('a', [
        ['one', 0.0004, 0.3336],
        ['two', 0.3336, 0.6664],
      ]),
    ]).split('\n');
    expect(lines.slice(0, 2)).toEqual(['a 1 0.000 0.334 one 0.9877', 'a 1 0.334 0.332 two 0.9877']);
  });

  it('keeps white space out of names', () => {
    expect(ctm([clip('my  first call', [['one', 0, 1]])])).toMatch(/^my_first_call 1 0\.000 /u);
  });
});

describe('textGrid', () => {
  it('fills a tier of words from end to end, with nothing between words', () => {
    const words: Said[] = [
      ['one', 0.1, 0.5],
      ['two', 0.5, 0.9],
      ['six', 1.2, 2],
    ];
    expect(parseTextGrid(textGrid(clip('a', words), false))).toEqual({
      xmin: 0,
      xmax: 2,
      tiers: [
        {
          name: 'words',
          xmin: 0,
          xmax: 2,
          intervals: [
            [0, 0.1, ''],
            [0.1, 0.5, 'one'],
            [0.5, 0.9, 'two'],
            [0.9, 1.2, ''],
            [1.2, 2, 'six'],
          ],
        },
      ],
    });
  });

  it('has tiers of units and states when they are wanted', () => {
    const { tiers } = parseTextGrid(textGrid(clip('a', [['one', 0.5, 1]]), true));
    expect(tiers.map(({ name }) => name)).toEqual(['words', 'units', 'states']);
    expect(tiers[2]!.intervals).toEqual([
      [0, 0.5, ''],
      [0.5, 0.75, 'one 0'],
      [0.75, 1, 'one 1'],
      [1, 2, ''],
    ]);
  });

  it('is one empty interval where nothing was said', () => {
    expect(parseTextGrid(textGrid(clip('a', []), false)).tiers[0]!.intervals).toEqual([[0, 2, '']]);
  });

  it('keeps quotation marks and other letters', () => {
    const text = textGrid(clip('a', [['"소리"', 0, 2]]), false);
    expect(text).toContain('text = """소리"""');
    expect(parseTextGrid(text).tiers[0]!.intervals).toEqual([[0, 2, '"소리"']]);
  });

  it('keeps the time of the recording for a clip that is a part of one', () => {
    const part = { ...clip('a', [['one', 7.25, 8]]), startSeconds: 7, durationSeconds: 1.5 };
    expect(parseTextGrid(textGrid(part, false))).toMatchObject({
      xmin: 7,
      xmax: 8.5,
      tiers: [
        {
          intervals: [
            [7, 7.25, ''],
            [7.25, 8, 'one'],
            [8, 8.5, ''],
          ],
        },
      ],
    });
  });

  it.each([
    ['overlaps', [['one', 0, 1] as const, ['two', 0.9, 2] as const]],
    ['lasts no time', [['one', 1, 1] as const]],
    ['ends after the recording', [['one', 1, 2.5] as const]],
  ])('refuses a word that %s', (_, words) => {
    expect(() => textGrid(clip('a', words), false)).toThrow(/^\[textGrid\] expected intervals/u);
  });

  const hasPraat = spawnSync('praat', ['--version']).status === 0;
  it.skipIf(!hasPraat)('is read by Praat (skipped where it is not installed)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sori-praat-'));
    try {
      const words: Said[] = [
        ['one', 0.1, 0.50001],
        ['"two"', 0.50001, 1.9],
      ];
      writeFileSync(join(folder, 'a.TextGrid'), textGrid(clip('a', words), true));
      const script = [
        'Read from file: "a.TextGrid"',
        'tiers = Get number of tiers',
        'count = Get number of intervals: 1',
        'label$ = Get label of interval: 1, 3',
        'end = Get end time of interval: 1, 2',
        'states = Get number of intervals: 3',
        'writeInfoLine: tiers, " ", count, " ", label$, " ", fixed$ (end, 5), " ", states',
      ];
      writeFileSync(join(folder, 'a.praat'), `${script.join('\n')}\n`);
      const { stdout } = spawnSync('praat', ['--run', join(folder, 'a.praat')], {
        encoding: 'utf8',
      });
      expect(stdout.trim()).toBe('3 4 "two" 0.50001 6');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('alignedJson', () => {
  it('has words with times, and units and states when they are wanted', () => {
    const said = clip('a', [['one', 0.5, 1]]);
    const plain = JSON.parse(alignedJson(said, false));
    expect(plain).toEqual({
      file: 'a.wav',
      duration: 2,
      text: 'one',
      model: 'tiny',
      method: 'hmm',
      score: -100,
      words: [{ word: 'one', start: 0.5, end: 1, score: -10, confidence: 0.98765 }],
    });
    const [word] = JSON.parse(alignedJson(said, true)).words;
    expect(word.units).toEqual([
      {
        unit: 'one',
        start: 0.5,
        end: 1,
        score: -10,
        states: [
          { state: 0, start: 0.5, end: 0.75, score: -4 },
          { state: 1, start: 0.75, end: 1, score: -6 },
        ],
      },
    ]);
  });
});

describe('wordsFrom', () => {
  it('moves words, units and states by where the clip starts', () => {
    const { words } = clip('a', [['one', 0.5, 1]]);
    const [moved] = wordsFrom(10, { words, score: 0 });
    expect(moved).toMatchObject({ startSeconds: 10.5, endSeconds: 11, confidence: 0.98765 });
    expect(moved!.units[0]).toMatchObject({ startSeconds: 10.5, endSeconds: 11 });
    expect(moved!.units[0]!.states[1]).toMatchObject({ startSeconds: 10.75, endSeconds: 11 });
  });
});
