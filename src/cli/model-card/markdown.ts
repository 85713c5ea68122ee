/** A table; columns named in `right` are numbers and stand to the right. */
export function markdownTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  right: ReadonlySet<string>,
): string {
  const rule = heading.map((name) => (right.has(name) ? '---:' : '---'));
  return [heading.map(cell), rule, ...rows.map((row) => row.map(cell))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** Text that a cell can hold: a bar would end the cell, a new line the table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/gu, ' ');
}

export function shellBlock(lines: readonly string[]): string {
  return ['```sh', ...lines, '```'].join('\n');
}

/** "a", "a and b", "a, b and c". */
export function listInWords(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** A share as a percentage with as many decimals as asked for. */
export function percent(share: number, digits = 2): string {
  return `${(100 * share).toFixed(digits)} %`;
}
