import type { LexiconLanguage } from './lexicon-language.ts';
import { treeRoot } from './lexicon-tree.ts';
import { grown, PairTable } from './pair-table.ts';
import { type GainBounds, type LabelScorer, scorePart, scorePartCount } from './scorers.ts';

/** What words outside the lexicon cost; ln weights. */
export type OpenVocabulary = {
  /** For each such word. */
  readonly wordPenalty: number;
  /** For each of its labels. */
  readonly labelPenalty: number;
};

export type LexiconScoring = {
  /** ln weight of each word, whichever it is; 0 by default. */
  readonly wordScore?: number | undefined;
  /** By default the vocabulary is closed: nothing but words of the lexicon may be said. */
  readonly open?: OpenVocabulary | undefined;
  /** A label that may stand anywhere and is worth nothing. */
  readonly filler?: number | undefined;
};

const { language: languagePart, words: wordsPart } = scorePart;

/** What `afterWord` has of a state that it was not asked for yet. */
const unasked = -2;

/**
 * Words spelt in labels, weighed by a `WordScorer`. Of a sequence of labels
 *
 * - `language` is the scorer's weight of its words and of their end; one outside the lexicon is an unknown
 *   word to the scorer,
 * - `words` is `wordScore` for each word, and for each outside the lexicon the penalties of `OpenVocabulary`.
 *
 * Inside a word `language` is what the look-ahead promises, made good at its end; the penalties fall due where
 * the tree is left. Spaces at the ends and several together are worth nothing. The last word ends with the
 * utterance.
 *
 * A state is a pair of a node and a state of the word scorer, numbered as they come: make one for each
 * recording.
 */
export class LexiconScorer implements LabelScorer {
  readonly start: number;
  readonly parts = new Float64Array(scorePartCount);
  private readonly language: LexiconLanguage;
  private readonly wordScore: number;
  private readonly open: OpenVocabulary | undefined;
  private readonly filler: number;
  /** The node that stands for being in a word outside the lexicon. */
  private readonly outside: number;
  /** (node, state of the word scorer) of each state */
  private readonly states = new PairTable();
  /** states; how much of `language` was given in advance; −∞ where no word can follow so */
  private given = new Float64Array(16);
  /** states; the state after the word that ends there, −1 where none may, or `unasked` */
  private afterWord = new Int32Array(16);
  /** states; ln weight of that word */
  private weightOfWord = new Float64Array(16);

  constructor(
    language: LexiconLanguage,
    { wordScore = 0, open, filler = -1 }: LexiconScoring = {},
  ) {
    this.language = language;
    this.wordScore = wordScore;
    this.open = open;
    this.filler = filler;
    this.outside = language.tree.nodes;
    this.start = this.stateOf(treeRoot, language.scorer.start);
  }

  next(state: number, label: number): number {
    this.parts.fill(0);
    if (label === this.filler) return state;
    const { space, begins } = this.language.tree;
    const isSpace = label === space;
    const endsWord = space === undefined ? begins[label] === 1 : isSpace;
    const isInside = this.states.first[state] !== treeRoot;
    const before = endsWord && isInside ? this.endWord(state) : state;
    return before < 0 || isSpace ? before : this.spell(before, label);
  }

  end(state: number): void {
    this.parts.fill(0);
    const after = this.states.first[state] === treeRoot ? state : this.endWord(state);
    if (after < 0) {
      this.parts[languagePart] = -Infinity;
      return;
    }
    const { scorer } = this.language;
    scorer.end(this.states.second[after]!);
    this.parts[languagePart]! += scorer.logWeight;
  }

  gainBounds(state: number): GainBounds {
    const most = this.mostGain(state);
    return { most, usual: most, favoured: [] };
  }

  private mostGain(state: number): number {
    if (this.open !== undefined) return Infinity;
    const { tree } = this.language;
    const node = this.states.first[state]!;
    const atBeginning = (words: number) => Math.max(this.language.best(words, treeRoot), 0);
    if (node === treeRoot) return atBeginning(this.states.second[state]!);
    // Inside a word the best that can be hoped for never becomes more: only its end can be a gain.
    const after = this.afterWordAt(state);
    if (after < 0) return 0;
    const next = tree.space === undefined ? atBeginning(this.states.second[after]!) : 0;
    return Math.max(this.weightOfWord[state]! - this.given[state]! + this.wordScore + next, 0);
  }

  /** Goes on, or begins, a word. */
  private spell(state: number, label: number): number {
    const { tree } = this.language;
    const node = this.states.first[state]!;
    let child = node === this.outside ? -1 : tree.child(node, label);
    if (child < 0) {
      if (this.open === undefined) return -1;
      child = this.outside;
      this.parts[wordsPart]! +=
        node === child ? this.open.labelPenalty : this.penaltyOf(tree.depth[node]! + 1, this.open);
    }
    const after = this.stateOf(child, this.states.second[state]!);
    if (this.given[after] === -Infinity) return -1;
    this.parts[languagePart]! += this.given[after]! - this.given[state]!;
    return after;
  }

  /** The state after the word that ends here, or −1. */
  private endWord(state: number): number {
    const after = this.afterWordAt(state);
    if (after < 0) return -1;
    const { depth } = this.language.tree;
    const node = this.states.first[state]!;
    this.parts[languagePart]! += this.weightOfWord[state]! - this.given[state]!;
    this.parts[wordsPart]! += this.wordScore;
    if (this.open !== undefined && node !== this.outside && this.wordAt(node) < 0) {
      this.parts[wordsPart]! += this.penaltyOf(depth[node]!, this.open);
    }
    return after;
  }

  private afterWordAt(state: number): number {
    let after = this.afterWord[state]!;
    if (after === unasked) {
      after = this.findAfterWord(state);
      this.afterWord[state] = after;
    }
    return after;
  }

  private findAfterWord(state: number): number {
    const { scorer, numbers } = this.language;
    const word = this.wordAt(this.states.first[state]!);
    if (word < 0 && this.open === undefined) return -1;
    const next = scorer.next(this.states.second[state]!, word < 0 ? -1 : numbers[word]!);
    if (next < 0) return -1;
    this.weightOfWord[state] = scorer.logWeight;
    return this.stateOf(treeRoot, next);
  }

  /** The word of the lexicon that ends at a node, or −1. */
  private wordAt(node: number): number {
    return node === this.outside ? -1 : this.language.tree.wordAt[node]!;
  }

  private penaltyOf(labels: number, { wordPenalty, labelPenalty }: OpenVocabulary): number {
    return wordPenalty + labels * labelPenalty;
  }

  private stateOf(node: number, words: number): number {
    const { states } = this;
    const before = states.size;
    const state = states.add(node, words);
    if (state < before) return state;
    if (state === this.given.length) {
      this.given = grown(this.given, 2 * state);
      this.afterWord = grown(this.afterWord, 2 * state);
      this.weightOfWord = grown(this.weightOfWord, 2 * state);
    }
    this.given[state] = this.advanceAt(node, words);
    this.afterWord[state] = unasked;
    return state;
  }

  private advanceAt(node: number, words: number): number {
    if (node === treeRoot) return 0;
    const best = node === this.outside ? -Infinity : this.language.best(words, node);
    if (best > -Infinity || this.open === undefined) return best;
    const { scorer } = this.language;
    return scorer.next(words, -1) < 0 ? -Infinity : scorer.logWeight;
  }
}
