import { describe, expect, it } from 'vitest';
import { decimalLog, naturalLog } from '../../../src/language/ngram/arpa-numbers.ts';
import { memoryOf, type NgramModel } from '../../../src/language/ngram/ngram-model.ts';
import { ngramCounts } from '../../../src/language/ngram/ngram-tree.ts';
import { TextFileError } from '../../../src/language/ngram/text-lines.ts';
import { Random } from '../../../src/math/random.ts';
import { arpaFile } from '../../reference/back-off-model.ts';
import { asArpa, estimated, parseArpa, randomNgrams, randomText } from './made-up-models.ts';

/** Of order 3; line numbers count from 1. */
const valid = [
  '\\data\\',
  'ngram 1=5',
  'ngram 2=3',
  'ngram 3=1',
  '',
  '\\1-grams:',
  '-99\t<s>\t-0.3',
  '-0.5\ta\t-0.2',
  '-0.7\tb',
  '-0.6\t</s>',
  '-2\t<unk>',
  '',
  '\\2-grams:',
  '-0.4\ta b\t-0.1',
  '-0.9\tb a',
  '-0.8\t<s> a',
  '',
  '\\3-grams:',
  '-0.25\ta b a',
  '',
  '\\end\\',
];

/** The file with line `number` replaced by some lines, or none. */
const withLine = (number: number, ...lines: readonly string[]) =>
  valid.toSpliced(number - 1, 1, ...lines).join('\n');

describe('an ARPA file', () => {
  it('becomes a tree with the numbers of the file', () => {
    const model = parseArpa(valid.join('\n'));
    expect(model.vocabulary.words).toEqual(['a', 'b']);
    expect(ngramCounts(model.tree)).toEqual([5, 3, 1]);
    expect(asArpa(model)).toBe(
      [
        ...valid.slice(0, 6),
        ...['-0.5\ta\t-0.2', '-0.7\tb', '-0.6\t</s>', '-99\t<s>\t-0.3', '-2\t<unk>', ''],
        ...['\\2-grams:', '-0.4\ta b\t-0.1', '-0.9\tb a', '-0.8\t<s> a', ''],
        ...valid.slice(17),
        '',
      ].join('\n'),
    );
  });

  it('is the same whatever text stands before it, and with \\r, blanks and zeros that mean nothing', () => {
    const odd = ['A model.', '', ...valid.map((line) => ` ${line.replace('\t', '   ')}\t`)];
    odd[20] = '-0.25 a b a 0.0';
    expect(parseArpa(odd.join('\n'))).toEqual(parseArpa(valid.join('\n')));
    expect(parseArpa(withLine(4, 'ngram  3 =   1'))).toEqual(parseArpa(valid.join('\n')));
  });

  it('may be of single words alone, and have no n-grams of a length', () => {
    const unigrams = '\\data\\\nngram 1=1\n\\1-grams:\n-0 </s>\n\\end\\';
    expect(ngramCounts(parseArpa(unigrams).tree)).toEqual([1]);
    const empty = withLine(4, 'ngram 3=0').replace('-0.25\ta b a\n', '');
    expect(ngramCounts(parseArpa(empty).tree)).toEqual([5, 3, 0]);
  });

  it('takes 12 bytes for an n-gram of the highest order and 20 for any other', () => {
    const model = estimated(randomText(new Random(3), 500, [...'abcdefgh']), 3);
    const [ones, twos, threes] = ngramCounts(model.tree) as [number, number, number];
    // The root is a node too, and a range of children needs an end.
    expect(memoryOf(model).bytes).toBe(20 * (1 + ones + twos) + 12 * threes + 4);
  });

  it('is the same text after reading what was written, for any order', () => {
    const random = new Random(7);
    for (let trial = 0; trial < 40; trial++) {
      const ngrams = randomNgrams(random, { order: 1 + (trial % 4), hasUnknown: trial % 2 === 0 });
      const text = arpaFile(ngrams);
      const model = parseArpa(text);
      const written = asArpa(model);
      expect(parseArpa(written)).toEqual(model);
      const sortedLines = (file: string) => file.split('\n').sort();
      const withoutZeros = text.replace(/\t-?0\.0000$/gmu, '');
      const shortNumbers = withoutZeros.replace(/-?\d+\.\d{4}/gu, (digits) => String(+digits));
      expect(sortedLines(written)).toEqual(sortedLines(shortNumbers.replace(/^-0\t/gmu, '0\t')));
    }
  });

  it('is the same text again for an estimate, whose numbers have all their digits', () => {
    const model = estimated(randomText(new Random(8), 200, ['a', 'b', 'c', 'd']), 3);
    const text = asArpa(model);
    expect(asArpa(parseArpa(text))).toBe(text);
  });

  it.each<[string, string, number, RegExp]>([
    ['nothing', '', 1, /expected \\data\\ before the end of the file, got an empty file/u],
    ['another file', 'PK\nfoo', 1, /expected \\data\\ before the end of the file, got "PK"/u],
    [
      'no counts',
      withLine(2).replace(/ngram.*\n/gu, ''),
      3,
      /"ngram 1=" first, got "\\\\1-grams:"/u,
    ],
    [
      'counts out of turn',
      withLine(2),
      2,
      /"ngram 1=" and a count, or \\1-grams:, got "ngram 2=3"/u,
    ],
    ['no count', withLine(3, 'ngram 2=many'), 3, /"ngram 2=" and a count/u],
    ['a negative count', withLine(3, 'ngram 2=-3'), 3, /"ngram 2=" and a count/u],
    [
      'a section too few',
      withLine(18, '\\end\\').replace('-0.25\ta b a\n', ''),
      18,
      /\\3-grams:, got/u,
    ],
    [
      'a section out of turn',
      withLine(6, '\\2-grams:'),
      6,
      /expected \\1-grams:, got "\\\\2-grams:"/u,
    ],
    ['a section too many', withLine(21, '\\4-grams:'), 21, /expected \\end\\, got "\\\\4-grams:"/u],
    ['n-grams too few', withLine(16), 17, /expected 3 2-grams, as line 3 says, got 2/u],
    [
      'n-grams too many',
      withLine(16, '-1\ta a', '-1\tb b'),
      17,
      /expected 3 2-grams, as line 3 says, and then a header, got "-1/u,
    ],
    ['a count beyond all memory', withLine(3, 'ngram 2=99999999999999999999'), 18, /got 3$/u],
    [
      'a number of no digits',
      withLine(15, '-x\tb a'),
      15,
      /a number for a log-probability, got "-x"/u,
    ],
    ['a number in hexadecimal', withLine(15, '-0x1\tb a'), 15, /a number for a log-probability/u],
    ['a number that is none', withLine(15, 'nan\tb a'), 15, /a number for a log-probability/u],
    [
      'a number beyond all bounds',
      withLine(15, '-1e999\tb a'),
      15,
      /a number for a log-probability/u,
    ],
    [
      'a positive log-probability',
      withLine(15, '0.1\tb a'),
      15,
      /log-probability of at most 0, got 0.1/u,
    ],
    [
      'a back-off weight that is none',
      withLine(14, '-0.4\ta b\tx'),
      14,
      /a number for a back-off weight, got "x"/u,
    ],
    [
      'a back-off weight at the highest order',
      withLine(19, '-0.25\ta b a\t-1'),
      19,
      /no back-off weight at the highest order, got -1/u,
    ],
    [
      'too few words',
      withLine(19, '-0.25\ta'),
      19,
      /3 words and at most a back-off weight, got 2 fields/u,
    ],
    [
      'too many words',
      withLine(8, '-0.5\ta b c d'),
      8,
      /1 word and at most a back-off weight, got 5 fields/u,
    ],
    ['a word that is no 1-gram', withLine(15, '-0.9\tb c'), 15, /words of the 1-grams, got "c"/u],
    [
      'an n-gram whose beginning is missing',
      withLine(19, '-0.25\tb b a'),
      19,
      /"b b" among the 2-grams too, since "b b a" goes on from it, got none/u,
    ],
    ['a 1-gram twice', withLine(9, '-0.7\ta'), 9, /each n-gram once, got "a" on line 8 too/u],
    [
      'an n-gram twice',
      withLine(16, '-0.1\ta b'),
      16,
      /each n-gram once, got this one on line 14 too/u,
    ],
    [
      'two unknown words',
      withLine(9, '-0.7\t<UNK>'),
      11,
      /each n-gram once, got "<unk>" on line 9 too/u,
    ],
    ['no end of sentences', withLine(10, '-0.6\tc'), 13, /<\/s> among the 1-grams, got none/u],
    ['no end', withLine(21, ''), 20, /expected \\end\\, got the end of the file/u],
    [
      'something behind its end',
      `${valid.join('\n')}\n\\data\\`,
      22,
      /nothing behind \\end\\, got/u,
    ],
  ])('is refused with its line for %s', (_, text, line, message) => {
    let caught: unknown;
    try {
      parseArpa(text);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(TextFileError);
    expect((caught as TextFileError).message).toMatch(message);
    expect((caught as TextFileError).message.startsWith(`model.arpa:${line}: `)).toBe(true);
  });

  it('that is damaged anywhere is an error with its line, or a model that can be written', () => {
    const random = new Random(13);
    const characters = ['\\', '-', '9', '.', ' ', '\t', '\n', 'a', 'e', '<', '\ufffd', ''];
    const original = `${valid.join('\n')}\n`;
    const outcomes = { models: 0, errors: 0 };
    for (let trial = 0; trial < 3000; trial++) {
      let text = original;
      for (let change = 1 + random.integer(3); change > 0; change--) {
        const at = random.integer(text.length);
        const cut = random.chance(0.1) ? random.integer(20) : random.integer(2);
        text = text.slice(0, at) + random.pick(characters) + text.slice(at + cut);
      }
      let model: NgramModel;
      try {
        model = parseArpa(text);
      } catch (error) {
        if (!(error instanceof TextFileError)) throw error;
        if (!(error.line! >= 1 && error.line! <= text.split('\n').length)) throw error;
        outcomes.errors++;
        continue;
      }
      outcomes.models++;
      if (asArpa(parseArpa(asArpa(model))) !== asArpa(model)) expect(text).toBe(original);
    }
    expect(outcomes.models).toBeGreaterThan(100);
    expect(outcomes.errors).toBeGreaterThan(1000);
  });
});

describe('logarithms in ARPA files', () => {
  it('are the shortest that are read as the same number again', () => {
    const random = new Random(21);
    for (let trial = 0; trial < 20_000; trial++) {
      const natural = Math.fround(-(10 ** random.uniform(-12, 4)));
      if (naturalLog(decimalLog(natural)) !== natural) expect(natural).toBe('read again');
      const digits = `-${(10 ** random.uniform(-4, 3)).toPrecision(6)}`;
      const number = naturalLog(digits)!;
      if (Number(decimalLog(number)) !== Number(digits)) expect(decimalLog(number)).toBe(digits);
    }
    expect([0, -0, -Infinity].map(decimalLog)).toEqual(['0', '0', '-inf']);
  });

  it.each(['', '-', '.', 'e5', '1e', '0x10', 'inf', 'NaN', '1,5', '--1', '1e99'])(
    'are no %j',
    (text) => {
      expect(naturalLog(text)).toBeUndefined();
    },
  );

  it('are numbers of the usual forms', () => {
    const texts = ['-1', '+2', '-.5', '-1.', '1.5e-3', '-1E+2', '-inf'];
    const numbers = [-1, 2, -0.5, -1, 0.0015, -100, -Infinity];
    expect(texts.map(naturalLog)).toEqual(numbers.map((x) => Math.fround(x * Math.LN10)));
  });
});
