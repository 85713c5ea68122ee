import { element } from '../dom.ts';
import { captioned } from '../tables.ts';

export type SliderRange = { readonly min: number; readonly max: number; readonly step: number };

/** A labelled slider with its value beside it. */
export function slider(
  label: string,
  range: SliderRange,
  value: number,
  onInput: (value: number) => void,
): HTMLElement {
  const input = element('input', { type: 'range', ...range, value, 'aria-label': label });
  const output = element('output', {}, String(value));
  input.addEventListener('input', () => {
    output.textContent = input.value;
    onInput(input.valueAsNumber);
  });
  return element(
    'label',
    { class: 'slider' },
    element('span', { 'aria-hidden': 'true' }, label),
    input,
    output,
  );
}

export type FigureRow = readonly [head: string, ...cells: (Node | string)[]];

/** A table with heads above and a head before each row. */
export function figureTable(
  caption: string,
  heads: readonly string[],
  rows: readonly FigureRow[],
): HTMLElement {
  const table = element(
    'table',
    {},
    element(
      'thead',
      {},
      element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head))),
    ),
    element(
      'tbody',
      {},
      ...rows.map(([head, ...cells]) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, head),
          ...cells.map((cell) => element('td', isWords(cell) ? {} : { class: 'figure' }, cell)),
        ),
      ),
    ),
  );
  return captioned(table, caption);
}

/** Code reads from the left, figures stand under one another at the right. */
function isWords(cell: Node | string): boolean {
  return cell instanceof HTMLElement && cell.localName === 'code';
}

/** A share in [0, 1] with a shade as deep as it is large. */
export function shaded(share: number, digits = 3): HTMLElement {
  const cell = element('span', { class: 'shaded' }, share.toFixed(digits));
  cell.style.setProperty('--confidence', String(Math.min(1, Math.max(0, share))));
  return cell;
}
