import { expect, it } from 'vitest';
import { columnNames } from '../../src/hmm/column-names.ts';
import { twoWords } from './decoding/two-words.ts';

it('names columns by unit and state, in the order of the columns', () => {
  expect(columnNames(twoWords)).toEqual([
    'silence/0',
    ...['one/0', 'one/1', 'one/2'],
    ...['two/0', 'two/1', 'two/2'],
    'other/0',
  ]);
});

it('names a column that states share by the first, and leaves one without a state without a name', () => {
  const { one, ...others } = twoWords.units;
  const units = { one: { ...one!, emissions: [2, 2, 6] }, ...others };
  expect(columnNames({ ...twoWords, units }).slice(0, 7)).toEqual([
    'silence/0',
    '',
    'one/0',
    '',
    ...['two/0', 'two/1'],
    'one/2',
  ]);
});
