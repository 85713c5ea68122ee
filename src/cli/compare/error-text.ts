import type { WordError } from '../../evaluation/unshared-errors.ts';

/** An error in a few words; words of the text are counted from 1. */
export function errorText({ kind, reference, hypothesis, position }: WordError): string {
  if (kind === 'insertion') return `before word ${position + 1}: ${hypothesis} inserted`;
  if (kind === 'deletion') return `word ${position + 1}: ${reference} deleted`;
  return `word ${position + 1}: ${reference} → ${hypothesis}`;
}
