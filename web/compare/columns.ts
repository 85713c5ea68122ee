import { alignTokens } from '../../src/evaluation/edit-distance.ts';

export type TimedWord = { readonly word: string; readonly start: number; readonly end: number };

/** readings; what each has in this column, if it has something. */
export type Column<Word extends TimedWord> = (Word | undefined)[];

/**
 * Several readings of one recording in columns, each reading aligned with the columns of those before it: as
 * few differences as possible and, where that leaves a choice, words that were said at the same time.
 */
export function columnsOf<Word extends TimedWord>(
  readings: readonly (readonly Word[])[],
): Column<Word>[] {
  const spanSeconds = Math.max(0, ...readings.flat().map(({ end }) => end));
  let columns: Column<Word>[] = [];
  readings.forEach((words, reading) => {
    const heads = columns.map((column) => column.find((word) => word !== undefined)!);
    const apart = (i: number, j: number): number =>
      spanSeconds > 0 ? Math.abs(middleOf(heads[i]!) - middleOf(words[j]!)) / spanSeconds : 0;
    const { pairs } = alignTokens(heads.map(spelling), words.map(spelling), apart);
    let column = 0;
    let word = 0;
    columns = pairs.map(({ kind }) => {
      const before =
        kind === 'insertion' ? new Array<undefined>(reading).fill(undefined) : columns[column++]!;
      return [...before, kind === 'deletion' ? undefined : words[word++]];
    });
  });
  return columns;
}

/** Whether the readings do not all have the same word there. */
export function differs(column: Column<TimedWord>): boolean {
  return column.some((word) => word?.word !== column[0]?.word);
}

function middleOf({ start, end }: TimedWord): number {
  return (start + end) / 2;
}

function spelling({ word }: TimedWord): string {
  return word;
}
