import { SoriError } from '../errors.ts';
import { ChangeScorer } from './change-scorer.ts';
import { anyWords, CombinedScorer } from './combined-scorer.ts';
import type { Hotword } from './hotword.ts';
import { HotwordAutomaton } from './hotword-automaton.ts';
import { HotwordScorer } from './hotword-scorer.ts';
import { type LabelAlphabet, Speller } from './label-alphabet.ts';
import { LexiconLanguage } from './lexicon-language.ts';
import { LexiconScorer, type OpenVocabulary } from './lexicon-scorer.ts';
import { type LexiconTree, treeOfWords } from './lexicon-tree.ts';
import type { LabelScorer, WordScorer } from './scorers.ts';
import { WordLabelScorer } from './word-label-scorer.ts';

/** What a model knows of its language. */
export type LanguageOptions = {
  readonly ngram?: WordScorer | undefined;
  /**
   * The words that may be said. By default those of the n-gram model that the alphabet can spell; without
   * either, any sequence of labels is words. A model whose labels are words needs none: they are its lexicon.
   */
  readonly lexicon?: LexiconTree | undefined;
  /** What words outside the lexicon cost; by default none may be said. */
  readonly open?: OpenVocabulary | undefined;
  /** ln weight of each word, whichever it is; 0 by default. */
  readonly wordScore?: number | undefined;
  /** ln weight of each change between words and other speech, as in `ChangeScorer`; 0 by default. */
  readonly changeScore?: number | undefined;
};

/** What a recording is hoped to hold. */
export type LanguageRequest = {
  /** Holds for the whole recording; no other words may be said then, whether the vocabulary is open or not. */
  readonly grammar?: WordScorer | undefined;
  readonly hotwords?: readonly Hotword[] | undefined;
};

type Phrases = {
  readonly hotwords: readonly Hotword[];
  readonly automaton: HotwordAutomaton | undefined;
  /** The scorer of a recording where words are worth nothing themselves: the same for every such recording. */
  readonly alone: LabelScorer | undefined;
};

/**
 * A model's language over its labels, made once, and from it the scorer of each recording. What is found out
 * about the words that may follow one another is kept from one recording to the next, within bounds.
 */
export class LabelLanguage {
  private readonly alphabet: LabelAlphabet;
  private readonly options: LanguageOptions;
  /** What is said without a grammar; undefined where labels are words, or where nothing is asked. */
  private readonly spelt: LexiconLanguage | undefined;
  /** The phrases of the last recording: the next one often brings the same. */
  private latest: Phrases | undefined;

  constructor(alphabet: LabelAlphabet, options: LanguageOptions = {}) {
    const { ngram, lexicon, wordScore = 0 } = options;
    this.alphabet = alphabet;
    this.options = options;
    if (lexicon !== undefined || (alphabet.kind === 'characters' && (ngram || wordScore !== 0))) {
      const tree = lexicon ?? treeOfWords(alphabet, ngram?.words ?? []);
      this.spelt = new LexiconLanguage(tree, ngram ?? anyWords);
    }
  }

  /**
   * The scorer of one recording; undefined where there is nothing to score.
   *
   * Throws `SoriError` invalid_request on a grammar with words that the model cannot spell and on hotwords as
   * `speltHotwords` does.
   */
  scorer({ grammar, hotwords = [] }: LanguageRequest = {}): LabelScorer | undefined {
    const words = grammar === undefined ? this.freeScorer() : this.grammarScorer(grammar);
    const { automaton, alone } = this.phrasesOf(hotwords);
    if (words === undefined) return alone;
    return this.withChanges(automaton === undefined ? words : new HotwordScorer(automaton, words));
  }

  private phrasesOf(hotwords: readonly Hotword[]): Phrases {
    if (this.latest === undefined || !areSame(this.latest.hotwords, hotwords)) {
      const kept = hotwords.map(({ phrase, weight }) => ({ phrase, weight }));
      const automaton = kept.length === 0 ? undefined : new HotwordAutomaton(this.alphabet, kept);
      const alone = this.withChanges(automaton && new HotwordScorer(automaton));
      this.latest = { hotwords: kept, automaton, alone };
    }
    return this.latest;
  }

  private withChanges(scorer: LabelScorer | undefined): LabelScorer | undefined {
    const { filler, space } = this.alphabet;
    const { changeScore = 0 } = this.options;
    if (changeScore === 0 || filler === undefined) return scorer;
    return new ChangeScorer({ filler, space, changeScore }, scorer);
  }

  private freeScorer(): LabelScorer | undefined {
    const { alphabet, spelt } = this;
    const { ngram, lexicon, wordScore = 0, open } = this.options;
    if (spelt !== undefined) {
      const anySpelling = lexicon === undefined && ngram === undefined;
      return new LexiconScorer(spelt, {
        wordScore,
        open: open ?? (anySpelling ? { wordPenalty: 0, labelPenalty: 0 } : undefined),
        filler: alphabet.filler,
      });
    }
    if (ngram === undefined && wordScore === 0) return undefined;
    return new WordLabelScorer(alphabet, ngram ?? anyWords, wordScore);
  }

  private grammarScorer(grammar: WordScorer): LabelScorer {
    const { alphabet } = this;
    const { ngram, lexicon, wordScore } = this.options;
    const scorer = ngram === undefined ? grammar : new CombinedScorer(grammar, ngram);
    const tree =
      lexicon?.restrictedTo(new Set(grammar.words)) ?? treeOfWords(alphabet, grammar.words);
    if (tree.words.length < grammar.words.length) {
      const known = new Set(tree.words);
      const word = grammar.words.find((word) => !known.has(word));
      throw new SoriError(
        'invalid_request',
        `grammar: expected words that the model can spell, got ${JSON.stringify(word)}`,
        { param: 'grammar' },
      );
    }
    if (alphabet.kind === 'words' && lexicon === undefined) {
      return new WordLabelScorer(alphabet, scorer, wordScore);
    }
    // Exact whatever the size: where a grammar is, few of its words may follow, and no others be begun.
    const language = new LexiconLanguage(tree, scorer, { lookAhead: 'exact' });
    return new LexiconScorer(language, { wordScore, filler: alphabet.filler });
  }
}

function areSame(some: readonly Hotword[], others: readonly Hotword[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ phrase, weight }, index) => {
      const other = others[index]!;
      return phrase === other.phrase && weight === other.weight;
    })
  );
}

/** The scorer of one recording over an alphabet, all in one; undefined where there is nothing to score. */
export function labelScorerFor(
  alphabet: LabelAlphabet,
  { grammar, hotwords, ...options }: LanguageOptions & LanguageRequest,
): LabelScorer | undefined {
  return new LabelLanguage(alphabet, options).scorer({ grammar, hotwords });
}

/** Whether a word can be said in the labels: what `compileRequestGrammar` takes as its vocabulary. */
export function sayableWords(
  alphabet: LabelAlphabet,
  lexicon?: LexiconTree,
): { has(word: string): boolean } {
  return lexicon === undefined ? new Speller(alphabet) : new Set(lexicon.words);
}
