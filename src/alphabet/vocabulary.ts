import type { AlphabetDefinition } from './definition.ts';

/** Words that have labels of their own; undefined where every word has (labels are characters). */
export type Vocabulary = ReadonlySet<string> | undefined;

/** The words that have labels of their own: neither the blank's name nor the filler's. */
export function vocabularyOf(alphabet: AlphabetDefinition): Vocabulary {
  if (alphabet.kind === 'characters') return undefined;
  const { labels, blank, filler } = alphabet;
  return new Set(labels.filter((_, index) => index !== blank && index !== filler));
}
