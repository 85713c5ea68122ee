import { parseArpaNgram } from './arpa-ngrams.ts';
import { type ArpaUnigrams, ArpaVocabulary } from './arpa-vocabulary.ts';
import { NgramList } from './ngram-list.ts';
import { createModel, type NgramModel } from './ngram-model.ts';
import { extendTree, findChild, type NgramTree, sortNgrams, unigramTree } from './ngram-tree.ts';
import { TextFileError } from './text-lines.ts';

/** Other white space may be a part of a word. */
const outerBlanks = /^[ \t]+|[ \t]+$/gu;

type Section = 'before' | 'counts' | 'ngrams' | 'after';

/**
 * Builds a model from the lines of an ARPA file (the format of Doug Paul's, as SRILM and KenLM write it),
 * which are given one after the other. What stands before `\data\` is ignored, as the format has it.
 *
 * The n-gram without its last word has to be there for each n-gram, or there is no history for it to hang on;
 * that without its first need not be, which pruning does: then it backs off further. A history that is not
 * there has the back-off weight 1.
 *
 * Everything throws `TextFileError` with the line that is wrong.
 */
export class ArpaParser {
  private readonly path: string;
  private section: Section = 'before';
  private line = 0;
  private firstText: string | undefined;
  /** How many n-grams of each length the file says it has, and the line that says so. */
  private readonly declared: { count: number; line: number }[] = [];
  /** Length of the n-grams of the section that is being read. */
  private length = 0;
  private readonly vocabulary = new ArpaVocabulary();
  private unigrams!: ArpaUnigrams;
  private tree!: NgramTree;
  private list = new NgramList();
  private readonly logProbs: Float32Array[] = [Float32Array.of(0)];
  private readonly logBackoffs: Float32Array[] = [Float32Array.of(0)];

  /** @param path for the messages of errors */
  constructor(path: string) {
    this.path = path;
  }

  add(line: string): void {
    this.line++;
    const text = line.replace(outerBlanks, '');
    if (text === '') return;
    if (this.section === 'before') {
      this.firstText ??= text;
      if (text === '\\data\\') this.section = 'counts';
    } else if (this.section === 'counts') {
      if (text.startsWith('\\')) this.endCounts(text);
      else this.addCount(text);
    } else if (this.section === 'ngrams') {
      if (isHeader(text)) this.endNgrams(text);
      else this.addNgram(text);
    } else this.fail(`expected nothing behind \\end\\, got ${quoted(text)}`);
  }

  /** @param sourceSha256 of the file */
  finish(sourceSha256: string): NgramModel {
    if (this.section === 'before') {
      const came = this.firstText === undefined ? 'an empty file' : quoted(this.firstText);
      this.fail(`expected \\data\\ before the end of the file, got ${came}`, 1);
    }
    if (this.section !== 'after') this.fail('expected \\end\\, got the end of the file');
    const { vocabulary } = this.unigrams;
    const logProbs = joined(this.logProbs);
    const logBackoffs = joined(this.logBackoffs).slice(0, this.tree.levels[this.tree.order]!);
    return createModel({ vocabulary, tree: this.tree, logProbs, logBackoffs, sourceSha256 });
  }

  private addCount(text: string): void {
    const next = this.declared.length + 1;
    const [, length, count] = /^ngram\s+(\d+)\s*=\s*(\d+)$/u.exec(text) ?? [];
    if (count === undefined || Number(length) !== next) {
      this.fail(`expected "ngram ${next}=" and a count, or \\1-grams:, got ${quoted(text)}`);
    }
    this.declared.push({ count: Number(count), line: this.line });
  }

  private endCounts(text: string): void {
    if (this.declared.length === 0) this.fail(`expected "ngram 1=" first, got ${quoted(text)}`);
    this.beginSection(text);
  }

  private beginSection(text: string): void {
    const isLast = this.length === this.declared.length;
    const expected = isLast ? '\\end\\' : `\\${this.length + 1}-grams:`;
    if (text !== expected) this.fail(`expected ${expected}, got ${quoted(text)}`);
    this.section = isLast ? 'after' : 'ngrams';
    this.length++;
  }

  private addNgram(text: string): void {
    const { count, line } = this.declared[this.length - 1]!;
    if (this.read() === count) {
      const more = `${count} ${this.length}-grams, as line ${line} says`;
      this.fail(`expected ${more}, and then a header, got ${quoted(text)}`);
    }
    const ngram = parseArpaNgram(text, this.length, this.length === this.declared.length);
    if (typeof ngram === 'string') this.fail(ngram);
    if (this.length === 1) {
      const fault = this.vocabulary.add(ngram, this.line);
      if (fault !== undefined) this.fail(fault);
      return;
    }
    const numbers = ngram.words.map((word) => {
      const number = this.unigrams.numbers.get(word);
      if (number === undefined) this.fail(`expected words of the 1-grams, got ${quoted(word)}`);
      return number;
    });
    const word = numbers.pop()!;
    const history = this.historyOf(numbers, ngram.words);
    this.list.push(history, word, ngram.logProb, ngram.logBackoff, this.line);
  }

  private historyOf(numbers: readonly number[], words: readonly string[]): number {
    let node = 0;
    for (const number of numbers) {
      node = findChild(this.tree, node, number);
      if (node >= 0) continue;
      const history = quoted(words.slice(0, -1).join(' '));
      this.fail(
        `expected ${history} among the ${this.length - 1}-grams too, since ${quoted(words.join(' '))} goes on from it, got none`,
      );
    }
    return node;
  }

  /** How many n-grams of the section have been read. */
  private read(): number {
    return this.length === 1 ? this.vocabulary.size : this.list.length;
  }

  private endNgrams(text: string): void {
    const { count, line } = this.declared[this.length - 1]!;
    const got = this.read();
    if (got !== count) {
      this.fail(`expected ${count} ${this.length}-grams, as line ${line} says, got ${got}`);
    }
    if (this.length === 1) this.takeUnigrams();
    else this.takeNgrams();
    this.beginSection(text);
  }

  private takeUnigrams(): void {
    const unigrams = this.vocabulary.finish();
    if (typeof unigrams === 'string') this.fail(unigrams);
    this.unigrams = unigrams;
    this.tree = unigramTree(unigrams.vocabulary.size);
    this.logProbs.push(unigrams.logProbs);
    this.logBackoffs.push(unigrams.logBackoffs);
  }

  private takeNgrams(): void {
    const { list } = this;
    list.trim();
    const { histories, words, lines } = list;
    const sorted = sortNgrams(this.tree, list);
    for (let index = 1; index < sorted.length; index++) {
      const [one, other] = [sorted[index - 1]!, sorted[index]!];
      if (words[one] !== words[other] || histories[one] !== histories[other]) continue;
      this.fail(`expected each n-gram once, got this one on line ${lines[one]} too`, lines[other]);
    }
    this.tree = extendTree(this.tree, list, sorted);
    this.logProbs.push(Float32Array.from(sorted, (place) => list.logProbs[place]!));
    this.logBackoffs.push(Float32Array.from(sorted, (place) => list.logBackoffs[place]!));
    this.list = new NgramList();
  }

  private fail(problem: string, line = Math.max(this.line, 1)): never {
    throw new TextFileError(this.path, line, problem);
  }
}

/** Other lines with a backslash are better explained as malformed n-grams. */
function isHeader(text: string): boolean {
  return text === '\\end\\' || /^\\\S*-grams:$/u.test(text);
}

/** Some text as a message quotes it: the beginning of it. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let from = 0;
  for (const part of parts) {
    whole.set(part, from);
    from += part.length;
  }
  return whole;
}
