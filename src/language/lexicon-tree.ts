import { type LabelAlphabet, Speller } from './label-alphabet.ts';
import type { Lexicon } from './lexicon.ts';
import { PairTable } from './pair-table.ts';

/** A word and one way to write it in labels. */
export type Spelling = { readonly word: string; readonly labels: readonly number[] };

/** The node at which every word begins. */
export const treeRoot = 0;

/**
 * The spellings of words, one label a step, beginnings shared (a trie). A parent's number is below those of
 * its children.
 *
 * A label may part words (`space`). Where none does, words stand side by side and a label at which some word
 * begins begins a word wherever it stands, as the first pieces of words do in a word-piece model; a spelling
 * that has such a label further on is refused.
 */
export class LexiconTree {
  /** Each word once; a word's number is its place. */
  readonly words: readonly string[];
  readonly space: number | undefined;
  /** nodes; the word that ends there, or −1 */
  readonly wordAt: Int32Array;
  /** nodes; labels from the root */
  readonly depth: Int32Array;
  /** labels; 1 where a word begins with it */
  readonly begins: Uint8Array;
  /** (parent, label) of each node; the root is (−1, −1) */
  private readonly nodesOf = new PairTable();

  /**
   * @param labels how many labels there are
   * @param space the label that parts words
   *
   * Throws `RangeError` on an empty spelling, labels out of range, the space inside a word, a spelling of two
   * words, and, without a space, a label inside a word that begins another.
   */
  constructor(spellings: Iterable<Spelling>, labels: number, space: number | undefined) {
    const all = [...spellings];
    const numberOf = new Map<string, number>();
    const ends: [node: number, word: number][] = [];
    this.space = space;
    this.begins = new Uint8Array(labels);
    this.nodesOf.add(-1, -1);
    for (const spelling of all) {
      const fault = faultOf(spelling, labels, space);
      if (fault !== undefined) throw new RangeError(`[LexiconTree] expected ${fault}`);
      const { word } = spelling;
      this.begins[spelling.labels[0]!] = 1;
      const number = numberOf.get(word) ?? numberOf.size;
      numberOf.set(word, number);
      let node = treeRoot;
      for (const label of spelling.labels) node = this.nodesOf.add(node, label);
      ends.push([node, number]);
    }
    this.words = [...numberOf.keys()];
    this.wordAt = new Int32Array(this.nodes).fill(-1);
    this.depth = new Int32Array(this.nodes);
    for (let node = 1; node < this.nodes; node++) {
      this.depth[node] = this.depth[this.parentOf(node)]! + 1;
    }
    for (const [node, word] of ends) this.endAt(node, word);
    if (space === undefined) this.checkBeginnings(all);
  }

  get nodes(): number {
    return this.nodesOf.size;
  }

  /** The node behind a label; −1 where no word goes on so. */
  child(node: number, label: number): number {
    return this.nodesOf.find(node, label);
  }

  parentOf(node: number): number {
    return this.nodesOf.first[node]!;
  }

  /** Every spelling, in the order of the nodes at which they end. */
  *spellings(): Generator<Spelling> {
    for (const [end, word] of this.wordAt.entries()) {
      if (word < 0) continue;
      const labels: number[] = [];
      for (let node = end; node !== treeRoot; node = this.parentOf(node)) {
        labels.push(this.nodesOf.second[node]!);
      }
      yield { word: this.words[word]!, labels: labels.reverse() };
    }
  }

  /** The tree of those words alone that are among these. */
  restrictedTo(words: ReadonlySet<string>): LexiconTree {
    const kept = [...this.spellings()].filter(({ word }) => words.has(word));
    return new LexiconTree(kept, this.begins.length, this.space);
  }

  private endAt(node: number, word: number): void {
    const other = this.wordAt[node]!;
    if (other >= 0 && other !== word) {
      throw new RangeError(
        `[LexiconTree] expected a spelling for one word only, got the same of ${JSON.stringify(this.words[other])} and ${JSON.stringify(this.words[word])}`,
      );
    }
    this.wordAt[node] = word;
  }

  private checkBeginnings(spellings: readonly Spelling[]): void {
    for (const { word, labels } of spellings) {
      const inside = labels.slice(1).find((label) => this.begins[label] === 1);
      if (inside === undefined) continue;
      throw new RangeError(
        `[LexiconTree] expected a space, or no label inside a word that begins another, got ${inside} in ${JSON.stringify(word)}`,
      );
    }
  }
}

function faultOf({ word, labels }: Spelling, size: number, space: number | undefined) {
  if (labels.length === 0) return `labels for ${JSON.stringify(word)}, got none`;
  for (const label of labels) {
    if (Number.isInteger(label) && label >= 0 && label < size && label !== space) continue;
    return `labels in [0, ${size}) other than the space in ${JSON.stringify(word)}, got ${label}`;
  }
  return undefined;
}

/** The tree of the words that the alphabet can spell; others are left out. */
export function treeOfWords(alphabet: LabelAlphabet, words: Iterable<string>): LexiconTree {
  const speller = new Speller(alphabet);
  const spellings = [...words].flatMap((word) => {
    const labels = speller.spell(word);
    return labels === undefined ? [] : [{ word, labels }];
  });
  return new LexiconTree(spellings, alphabet.labels.length, alphabet.space);
}

/**
 * The tree of a lexicon whose units are labels by their names.
 *
 * Throws `RangeError` on a unit that is no label, and as `LexiconTree` does.
 */
export function treeOfLexicon(alphabet: LabelAlphabet, lexicon: Lexicon): LexiconTree {
  const speller = new Speller(alphabet);
  const labelOf = (unit: string, word: string): number => {
    const label = speller.labelNamed(unit);
    if (label !== undefined) return label;
    throw new RangeError(
      `[treeOfLexicon] expected labels for ${JSON.stringify(word)}, got ${JSON.stringify(unit)}`,
    );
  };
  const spellings = [...lexicon].flatMap(([word, pronunciations]) =>
    pronunciations.map((units) => ({ word, labels: units.map((unit) => labelOf(unit, word)) })),
  );
  return new LexiconTree(spellings, alphabet.labels.length, alphabet.space);
}
