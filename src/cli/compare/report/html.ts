/** Markup that is safe to put into a page. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

export type HtmlValue = string | number | Html | readonly Html[];

/** A template whose values are text, escaped, unless they are markup already. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const markup = strings.reduce(
    (soFar, part, index) => soFar + markupOf(values[index - 1]!) + part,
  );
  return new Html(markup);
}

function markupOf(value: HtmlValue): string {
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(({ markup }) => markup).join('');
  return escapeHtml(String(value));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => entities[character]!);
}

/** A figure as this page writes it: with a sign, in percent, with what a p is from. */
const number = /^[+−<]? ?(?:[\d.]+|∞)(?: %| exact)?$/u;

/** A table; numbers stand to the right, everything else to the left. */
export function htmlTable(
  heading: readonly string[],
  rows: readonly (readonly (string | Html)[])[],
): Html {
  const cell = (value: string | Html) =>
    typeof value === 'string' && number.test(value)
      ? html`<td class="number">${value}</td>`
      : html`<td>${value}</td>`;
  return html`<div class="wide"><table>
<thead><tr>${heading.map((name) => html`<th>${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody>
</table></div>`;
}
