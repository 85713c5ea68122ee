import { element, spoken } from '../dom.ts';
import { percent, text, textOr } from '../language.ts';
import type { Reading } from '../service.ts';
import { columnsOf, differs } from './columns.ts';

export type LookAt = (startSeconds: number, endSeconds: number) => void;

/** Where readings differ: what each has there, and a way to that place of the picture. */
export function differencesList(readings: readonly Reading[], lookAt: LookAt): HTMLElement {
  const columns = columnsOf(readings.map(({ words }) => words));
  const places = columns.flatMap((column, index) => {
    if (!differs(column)) return [];
    const number = index + 1;
    const said = readings.map(({ decoder }, reading) => {
      const word = column[reading];
      const name = textOr(decoder, decoder);
      return word === undefined
        ? `${name}: ${text('noWord')}`
        : `${name}: “${word.word}” (${percent(word.confidence)})`;
    });
    const words = column.filter((word) => word !== undefined);
    const button = element(
      'button',
      { type: 'button' },
      text('lookAt'),
      spoken(text('lookAtWord', { number })),
    );
    button.addEventListener('click', () =>
      lookAt(
        Math.min(...words.map(({ start }) => start)),
        Math.max(...words.map(({ end }) => end)),
      ),
    );
    const sentence = `${text('wordNumber', { number })}. ${said.join(', ')}.`;
    return [element('li', {}, element('span', {}, sentence), ' ', button)];
  });
  return element('ul', { class: 'differences' }, ...places);
}

/** How each decoder goes about it, for who has not met them. */
export function decoderNotes(readings: readonly Reading[]): HTMLElement {
  return element(
    'dl',
    { class: 'decoders' },
    ...readings.flatMap(({ decoder }) => [
      element('dt', {}, textOr(decoder, decoder)),
      element('dd', {}, textOr(`${decoder}_what`, '')),
    ]),
  );
}
