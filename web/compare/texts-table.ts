import { element, spoken } from '../dom.ts';
import { percent, text, textOr } from '../language.ts';
import type { Reading, ReadWord } from '../service.ts';
import { type Column, columnsOf, differs } from './columns.ts';

export type PlaySpan = (startSeconds: number, endSeconds: number) => void;

/** The texts of all decoders under one another, equal words in the same column. */
export function textsTable(readings: readonly Reading[], play: PlaySpan): HTMLTableElement {
  const columns = columnsOf(readings.map(({ words }) => words));
  const rows = readings.map((reading, index) =>
    element(
      'tr',
      { 'data-decoder': reading.decoder },
      element('th', { scope: 'row' }, textOr(reading.decoder, reading.decoder)),
      ...columns.map((column) => wordCell(column, index, play)),
      ...(columns.length === 0 ? [element('td', { class: 'nothing' }, text('heardNothing'))] : []),
      element('td', { class: 'figure' }, percent(reading.confidence)),
    ),
  );
  const heads = columns.map((column, index) =>
    element(
      'th',
      { scope: 'col' },
      spoken(text('wordNumber', { number: index + 1 })),
      differs(column) ? element('span', { class: 'mark', 'aria-hidden': 'true' }, '≠') : '',
      differs(column) ? spoken(text('differs')) : '',
    ),
  );
  return element(
    'table',
    { class: 'texts' },
    element('caption', { class: 'spoken' }, text('textsCaption')),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'col' }, text('decoder')),
        ...(heads.length > 0 ? heads : [element('th', { scope: 'col' }, text('words'))]),
        element('th', { scope: 'col', class: 'figure' }, text('confidence')),
      ),
    ),
    element('tbody', {}, ...rows),
  );
}

function wordCell(column: Column<ReadWord>, reading: number, play: PlaySpan): HTMLTableCellElement {
  const word = column[reading];
  const className = differs(column) ? 'differs' : 'agrees';
  if (word === undefined)
    return element(
      'td',
      { class: className },
      element('span', { class: 'gap', 'aria-hidden': 'true' }, '–'),
      spoken(text('noWord')),
    );
  const times = { start: word.start.toFixed(2), end: word.end.toFixed(2) };
  const button = element(
    'button',
    { type: 'button', class: 'word' },
    word.word,
    element(
      'span',
      { class: 'tip' },
      element('span', {}, percent(word.confidence)),
      element('span', {}, text('wordTimes', times)),
    ),
  );
  button.style.setProperty('--confidence', String(word.confidence));
  button.addEventListener('click', () => play(word.start, word.end));
  return element('td', { class: className }, button);
}
