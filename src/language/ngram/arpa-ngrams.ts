import { naturalLog } from './arpa-numbers.ts';

/** A line of a section of n-grams. */
export type ArpaNgram = {
  readonly words: readonly string[];
  /** Natural logarithms, rounded to 24 bits. */
  readonly logProb: number;
  readonly logBackoff: number;
};

/** Parts of a line: words may have any character but these in them. */
const blanks = /[ \t]+/u;

/**
 * Takes a line apart: log₁₀ p, so many words, and a log₁₀ back-off weight unless it is 0. n-grams of the
 * highest order have none, or 0.
 * @returns what is wrong with it, in the words of an error message, where it is no such line
 */
export function parseArpaNgram(
  line: string,
  length: number,
  isHighest: boolean,
): ArpaNgram | string {
  const fields = line.split(blanks);
  const hasBackoff = fields.length === length + 2;
  if (!hasBackoff && fields.length !== length + 1) {
    return `expected a log-probability, ${length} word${length === 1 ? '' : 's'} and at most a back-off weight, got ${fields.length} fields`;
  }
  const logProb = naturalLog(fields[0]!);
  if (logProb === undefined) {
    return `expected a number for a log-probability, got ${JSON.stringify(fields[0])}`;
  }
  if (logProb > 0) return `expected a log-probability of at most 0, got ${fields[0]}`;
  const backoffText = hasBackoff ? fields.at(-1)! : '0';
  const logBackoff = naturalLog(backoffText);
  if (logBackoff === undefined) {
    return `expected a number for a back-off weight, got ${JSON.stringify(backoffText)}`;
  }
  if (isHighest && logBackoff !== 0) {
    return `expected no back-off weight at the highest order, got ${backoffText}`;
  }
  return { words: fields.slice(1, length + 1), logProb, logBackoff };
}
