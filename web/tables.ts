import { element } from './dom.ts';

/** What is wider than a phone scrolls by itself, also by the keyboard. */
export function scrolling(content: HTMLElement, label: string): HTMLElement {
  return element(
    'div',
    { class: 'scrolling', tabindex: 0, role: 'region', 'aria-label': label },
    content,
  );
}

/** A table under its caption, which stays where it is when the table scrolls. */
export function captioned(table: HTMLTableElement, caption: string): HTMLElement {
  table.prepend(element('caption', { class: 'spoken' }, caption));
  return element(
    'div',
    {},
    element('p', { class: 'caption', 'aria-hidden': 'true' }, caption),
    scrolling(table, caption),
  );
}
