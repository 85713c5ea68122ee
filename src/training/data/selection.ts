import type { Vocabulary } from '../../alphabet/vocabulary.ts';
import type { ClipFilter } from './config.ts';
import type { Corpus } from './corpus.ts';
import type { ManifestRow } from './manifest.ts';

export type TextKind = 'inside' | 'outside' | 'mixed' | 'empty';

/** Where a row's words stand: all in the vocabulary, none, some, or no words at all. */
export function textKindOf(words: readonly string[], vocabulary: Vocabulary): TextKind {
  if (words.length === 0) return 'empty';
  if (vocabulary === undefined) return 'inside';
  const inside = words.filter((word) => vocabulary.has(word)).length;
  if (inside === words.length) return 'inside';
  return inside === 0 ? 'outside' : 'mixed';
}

/** Whether a row passes the filter. */
export function isSelected(row: ManifestRow, filter: ClipFilter, vocabulary: Vocabulary): boolean {
  if (filter.text !== 'any' && textKindOf(row.words, vocabulary) !== filter.text) return false;
  if (filter.speakers && !filter.speakers.includes(row.speaker)) return false;
  if (filter.excludeSpeakers.includes(row.speaker)) return false;
  if (row.words.some((word) => filter.excludeWords.includes(word))) return false;
  if (row.words.length < filter.minWords) return false;
  if (filter.maxWords !== undefined && row.words.length > filter.maxWords) return false;
  if (row.seconds < filter.minSeconds) return false;
  return filter.maxSeconds === undefined || row.seconds <= filter.maxSeconds;
}

/** Numbers of the rows that pass the filter, in the manifest's order. */
export function selectRows(corpus: Corpus, filter: ClipFilter, vocabulary: Vocabulary): number[] {
  return corpus.rows.flatMap((row, index) => (isSelected(row, filter, vocabulary) ? [index] : []));
}
