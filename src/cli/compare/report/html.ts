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

/** A figure as this page writes it: with a sign, in percent, of how many, with what a p is from. */
const number = /^[+−<]? ?(?:[\d.]+|∞)(?: %| exact| of \d+)?$/u;

/** A table; columns of numbers stand to the right, the others to the left. */
export function htmlTable(
  heading: readonly string[],
  rows: readonly (readonly (string | Html)[])[],
): Html {
  const kinds = heading.map((_, column) =>
    rows.every((row) => typeof row[column] === 'string' && number.test(row[column]))
      ? 'number'
      : '',
  );
  const cells = (row: readonly (string | Html)[]) =>
    row.map((value, column) => html`<td class="${kinds[column]!}">${value}</td>`);
  return html`<div class="wide"><table>
<thead><tr>${heading.map((name, column) => html`<th class="${kinds[column]!}">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>\n`)}</tbody>
</table></div>`;
}
