import { describe, expect, it } from 'vitest';
import { corporaText } from '../../src/cli/compare/corpora-text.ts';
import type { CorpusComparison } from '../../src/cli/compare/measure.ts';
import { pText, signed } from '../../src/cli/compare/numbers.ts';
import { escapeHtml, html, htmlTable } from '../../src/cli/compare/report/html.ts';
import { reportPage } from '../../src/cli/compare/report/page.ts';
import { falseWords } from '../../src/evaluation/false-words.ts';
import { scoreUtterances } from '../../src/evaluation/scores.ts';
import {
  type ComparedClip,
  comparePairs,
  systemConfidence,
} from '../../src/evaluation/system-comparison.ts';
import { timingOf } from '../../src/evaluation/timing.ts';

const decoders = ['ctc_greedy', 'hmm'] as const;
type Row = readonly [reference: string, byCtc: string, byHmm: string];

/** What a comparison of these texts, a corpus and a speaker a clip, comes to. */
function comparisonOf(
  rows: readonly Row[],
  { corpus = (index: number) => `corpus${index}`, measureFalseWords = false } = {},
): CorpusComparison {
  const clips = rows.map(
    ([reference, ...texts], index): ComparedClip => ({
      clip: `${corpus(index)}/clip${index}.wav`,
      reference,
      corpus: corpus(index),
      hypotheses: texts.map((text) => ({
        text,
        words: text
          .split(' ')
          .filter(Boolean)
          .map((word) => ({ word, startSeconds: 0, endSeconds: 1, confidence: 0.75 })),
      })),
    }),
  );
  const report = (system: number) => {
    const utterances = clips.map(({ reference, corpus, hypotheses }) => ({
      reference,
      hypothesis: hypotheses[system]!.text,
      audioSeconds: 6,
      corpus,
      speaker: `speaker of ${corpus}`,
    }));
    return measureFalseWords
      ? { falseWords: [{ name: 'all', ...falseWords(utterances, ['one', 'two']) }] }
      : { scores: scoreUtterances(utterances) };
  };
  const stageMilliseconds = { audio: 6, features: 12, inference: 24, search: 18 };
  const { wallSeconds: _, ...timing } = timingOf([{ audioSeconds: 6, stageMilliseconds }], 0);
  return {
    model: 'tiny',
    threads: 1,
    date: '2026-01-31',
    manifests: ['dev.jsonl'],
    only: 'all',
    clipsListed: clips.length,
    clips: clips.length,
    audioSeconds: 6 * clips.length,
    wallSeconds: 0.5,
    decoders: decoders.map((decoder, system) => ({
      decoder,
      sha256: '0123456789abcdef'.repeat(4),
      timing,
      confidence: systemConfidence(clips, system),
      ...report(system),
    })),
    pairs: comparePairs(clips, 2).map(({ first, second, ...pair }) => ({
      between: [decoders[first]!, decoders[second]!] as const,
      ...pair,
    })),
    differing: clips.map(({ clip, reference, hypotheses }) => ({
      clip,
      reference,
      texts: hypotheses.map(({ text }) => text),
    })),
  };
}

/** The names of the elements that a page leaves open or closes twice. */
function unbalanced(markup: string): string[] {
  const open: string[] = [];
  const faults: string[] = [];
  const body = markup.replace(/<style\b.*?<\/style>|<!.*?>/gsu, '');
  for (const [, slash, name, rest] of body.matchAll(/<(\/?)([a-z]+)((?:"[^"]*"|[^">])*)>/giu)) {
    if (slash === '/') {
      if (open.pop() !== name) faults.push(name!);
    } else if (!rest!.endsWith('/') && name !== 'meta') open.push(name!);
  }
  return [...faults, ...open];
}

describe('reportPage', () => {
  const page = reportPage(
    comparisonOf([
      ['one two', 'one two', 'one three'],
      ['two', '', 'two two'],
    ]),
  );

  it('is one well-formed page without scripts, and needs nothing from elsewhere', () => {
    expect(unbalanced(page)).toEqual([]);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|\bsrc=|\bhref=|url\((?!['"]?#)/iu);
    const addresses = [...page.matchAll(/https?:[^"'\s)]*/gu)].map(([address]) => address);
    expect(new Set(addresses)).toEqual(
      new Set(['http://www.w3.org/2000/svg', 'http://www.w3.org/1999/xlink']),
    );
  });

  it('draws error rates, speakers, confidences and speed', () => {
    const pictures = [...page.matchAll(/<svg .*?<\/svg>/gsu)].map(([svg]) => svg);
    expect(pictures).toHaveLength(5);
    for (const text of ['word errors (% of words)', 'ctc_greedy insertions', 'corpus1'])
      expect(pictures[0]).toContain(`>${text}<`);
    expect(pictures[1]).toContain('>WER of ctc_greedy (%)<');
    expect(pictures[2]).toContain('>said (2 words)<');
    expect(pictures[3]).toContain('>not said (2 words)<');
    expect(pictures[4]).toContain('>milliseconds a second of audio<');
    for (const picture of pictures) expect(picture).not.toMatch(/NaN|undefined/u);
  });

  it('marks words that were not said and crosses out those that were missed', () => {
    expect(page).toContain('one <mark>three</mark> ');
    expect(page).toContain('<del>two</del> ');
    expect(page).toContain('1 errors that only ctc_greedy makes');
  });

  it('shows what comes from the data as text, wherever it stands', () => {
    const hostile = `<script>alert("1")</script> & '{b|c}' {@1}`;
    const text = reportPage({
      ...comparisonOf([[hostile, `${hostile} a`, 'b']], { corpus: () => hostile }),
      model: hostile,
      manifests: [hostile],
    });
    expect(text).not.toMatch(/<script/iu);
    expect(unbalanced(text)).toEqual([]);
    expect(text.split('&lt;script&gt;').length).toBeGreaterThan(8);
    expect(text).not.toContain('<mark><');
  });

  it('has a page for false words too', () => {
    const falsePage = reportPage(
      comparisonOf([['', 'one', 'two two']], { measureFalseWords: true }),
    );
    expect(unbalanced(falsePage)).toEqual([]);
    expect(falsePage).toContain('Words that nobody said');
    expect(falsePage).toContain('two 2');
    expect(falsePage).not.toContain('By speaker');
  });

  it('leaves speakers out of the picture who have no rate', () => {
    const text = reportPage(
      comparisonOf([
        ['', 'one', ''],
        ['one', 'one', 'two'],
      ]),
    );
    expect(text).toContain('∞');
    expect(text).not.toMatch(/NaN|Infinity/u);
  });
});

describe('corporaText', () => {
  it('lists twenty errors of one decoder alone and says how many more there are', () => {
    const rows = Array.from({ length: 23 }, (): Row => ['one', 'one', '']);
    const text = corporaText(comparisonOf(rows, { corpus: () => 'dev' }));
    expect(text).toMatch(
      /^dev +0\.00 % +0 of 23 +0 +23 +0 +23 +−1\.000 +0\.000 +−∞ +< 0\.0001 exact$/mu,
    );
    expect(text.split('word 1: one deleted')).toHaveLength(21);
    expect(text).toContain('  and 3 more (all of them with --json or --report)');
  });

  it('gives speeds by stage', () => {
    const text = corporaText(comparisonOf([['one', 'one', 'one']]));
    expect(text).toMatch(/^hmm +0\.00100 +0\.00200 +0\.00400 +0\.00300 +0\.01000 +100$/mu);
    expect(text).toContain('6.0 s of audio in 0.5 s on 1 thread, all decoders together');
  });
});

describe('html', () => {
  it('escapes values and leaves markup as it is', () => {
    expect(html`<p>${'a<b'} ${html`<i>${1}</i>`}${[html`&amp;`]}</p>`.markup).toBe(
      '<p>a&lt;b <i>1</i>&amp;</p>',
    );
    expect(escapeHtml(`<a href="x">'&'`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;');
  });

  it('puts columns of numbers to the right, and no other', () => {
    const { markup } = htmlTable(['clip', 'p'], [['84/121.flac', '< 0.0001 exact']]);
    expect(markup).toContain(
      '<td class="">84/121.flac</td><td class="number">&lt; 0.0001 exact</td>',
    );
  });
});

describe('numbers', () => {
  it('have a sign unless they are nothing', () => {
    expect([0.0004, 0.25, -1.5, 0, Infinity, -Infinity].map((value) => signed(value, 2))).toEqual([
      '0.00',
      '+0.25',
      '−1.50',
      '0.00',
      '+∞',
      '−∞',
    ]);
  });

  it('say where a p is from', () => {
    const test = { segments: 1, meanDifference: 0, standardError: 0, z: 0 };
    expect(pText({ ...test, p: 0.04567, method: 'normal' })).toBe('0.0457');
    expect(pText({ ...test, p: 0.00001, method: 'exact' })).toBe('< 0.0001 exact');
  });
});
