import type { Alphabet } from '../alphabet/alphabet.ts';
import type {
  AlignedUnit,
  AlignedWord,
  Aligner,
  Alignment,
  AlignOptions,
} from '../decoding/aligner.ts';
import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import { SoriError } from '../errors.ts';
import { pathLogProb } from './forced-path.ts';
import { checkLabels } from './greedy.ts';
import type { WordSpan } from './label-times.ts';
import { LabellingReader, type ReadingSettings, type ReadWord } from './labelling-reader.ts';
import { CtcTarget } from './target.ts';

/** Characters of an unknown word that a message quotes. */
const longestQuoted = 60;

/**
 * Forced alignment by CTC: the likeliest path through the labels of a text, with blanks, or filler, where
 * the path wants them; between equal labels it has to.
 *
 * - `score` of the alignment: ln probability of that path. Of a word or a unit: of the path's frames from its
 *   first label's first to its last label's last; frames of silence around words are nobody's.
 * - Times and confidence of a word are those of `LabellingReader`: how sure the network is, left free to say
 *   anything, that in this stretch this word is said.
 * - Units are labels. They share their word among them: two neighbours meet half-way between their middles.
 *
 * Memory: half a byte for each frame and label, 100 MB for ten minutes of 30 ms frames and 10 000 labels.
 */
export class CtcAligner implements Aligner {
  readonly name = 'ctc';
  private readonly alphabet: Alphabet;
  private readonly reader: LabellingReader;
  /** What words are made of: words, or characters. */
  private readonly spellings: ReadonlySet<string>;

  constructor(alphabet: Alphabet, settings: ReadingSettings = {}) {
    this.alphabet = alphabet;
    this.reader = new LabellingReader(alphabet, settings);
    const { labels, blank, filler, space } = alphabet;
    const others = [blank, filler, space];
    this.spellings = new Set(labels.filter((_, index) => !others.includes(index)));
  }

  /**
   * Throws `RangeError` unless the emissions are frames × the alphabet's size.
   *
   * @param words each as labels see it
   * @throws SoriError unalignable_text when a word has no labels, there are too many for the frames, or no
   *   path through them has a probability
   */
  align(emissions: EmissionMatrix, words: readonly string[], options: AlignOptions): Alignment {
    checkLabels('CtcAligner', emissions, this.alphabet.size);
    for (const [index, word] of words.entries()) this.checkWord(word, index);
    const labelling = this.alphabet.encode(words.join(' '));
    checkFit(labelling, words.length, emissions.frames);
    const { path, silent, words: heard, spans } = this.reader.read(emissions, labelling, options);
    if (path === undefined) {
      const frames = count(emissions.frames, 'frame');
      fail(
        `expected a recording in which the text's ${count(words.length, 'word')} can be heard, got ${frames} that cannot be so`,
      );
    }
    const scoreOf = (firstLabel: number, endLabel: number) =>
      pathLogProb(emissions, silent, labelling, path, { firstLabel, endLabel });
    const aligned = heard.map((word, index): AlignedWord => {
      const { firstLabel, endLabel, confidence } = word;
      return {
        word: word.word,
        ...spans[index]!,
        score: scoreOf(firstLabel, endLabel),
        confidence,
        units: unitSpans(word, spans[index]!, options).map((span, i): AlignedUnit => {
          const label = firstLabel + i;
          const unit = this.alphabet.labels[labelling[label]!]!;
          return { unit, ...span, score: scoreOf(label, label + 1), states: [] };
        }),
      };
    });
    return { words: aligned, score: path.logProb };
  }

  private checkWord(word: string, index: number): void {
    const isWords = this.alphabet.kind === 'words';
    const parts = isWords ? [word] : [...word];
    if (parts.length > 0 && parts.every((part) => this.spellings.has(part))) return;
    const number = this.spellings.size;
    const expected = isWords
      ? `one of the model's ${count(number, 'word')}`
      : `one made of the model's ${count(number, 'character')}`;
    const got = JSON.stringify(word.slice(0, longestQuoted));
    fail(`word ${index + 1}: expected ${expected}, got ${got}`);
  }
}

/** A word's time shared out among its labels. */
function unitSpans(
  { middles }: ReadWord,
  { startSeconds, endSeconds }: WordSpan,
  { frameShiftSeconds }: AlignOptions,
): WordSpan[] {
  const meetings = middles.slice(1).map((middle, i) => {
    const seconds = ((middles[i]! + middle) / 2) * frameShiftSeconds;
    return Math.min(Math.max(seconds, startSeconds), endSeconds);
  });
  return middles.map((_, i) => ({
    startSeconds: meetings[i - 1] ?? startSeconds,
    endSeconds: meetings[i] ?? endSeconds,
  }));
}

/** @throws SoriError unalignable_text where the labels need more frames than there are */
function checkFit(labelling: Int32Array, words: number, frames: number): void {
  const target = new CtcTarget();
  target.assign(labelling, 0, labelling.length);
  if (target.fewestFrames <= frames) return;
  const fewest = count(target.fewestFrames, 'frame');
  fail(`expected at least ${fewest} for the text's ${count(words, 'word')}, got ${frames}`);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function fail(message: string): never {
  throw new SoriError('unalignable_text', message, { param: 'text' });
}
