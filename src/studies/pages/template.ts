/**
 * Text with places for numbers, so that none is copied by hand:
 *
 * - `{{path}}`, `{{path | format}}`: the value at a path of keys and indices (`rows.0.frames`), in a format
 * - `{{#each path}} … {{/each}}`: the text between once for each item of a list, whose keys come first; `{{.}}` is
 *   the item itself; lists may stand inside lists
 *
 * Formats: `fixed 2` decimals, `digits 3` significant digits, `power 1` like 2.3e-16, `percent 1`, `count` with
 * spaces between thousands, `times 1e6 fixed 1` another format of a multiple; null is a dash. Without one a number must
 * be whole.
 *
 * Throws RangeError on a path that leads nowhere, a number that would need a format, or a loop without an end.
 */
export function fillTemplate(template: string, data: unknown): string {
  return fill(template, [data]);
}

const tag = /\{\{\s*([^}]*?)\s*\}\}/u;

function fill(template: string, scopes: readonly unknown[]): string {
  let filled = '';
  let rest = template;
  for (;;) {
    const match = tag.exec(rest);
    if (match === null) return filled + rest;
    filled += rest.slice(0, match.index);
    rest = rest.slice(match.index + match[0].length);
    const loop = /^#each (.+)$/u.exec(match[1]!);
    if (loop === null) {
      filled += valueText(match[1]!, scopes);
      continue;
    }
    const { body, after } = splitAtEnd(rest, match[0]);
    const items = lookUp(loop[1]!, scopes);
    if (!Array.isArray(items)) fail(`a list at ${loop[1]}, got ${JSON.stringify(items)}`);
    // Of tags on lines of their own the line breaks belong to the tags.
    const isBlock = body.startsWith('\n');
    for (const item of items) filled += fill(isBlock ? body.slice(1) : body, [item, ...scopes]);
    rest = isBlock ? after.replace(/^\n/u, '') : after;
  }
}

function splitAtEnd(text: string, opening: string): { body: string; after: string } {
  let depth = 1;
  for (const match of text.matchAll(/\{\{\s*(#each|\/each)[^}]*\}\}/gu)) {
    depth += match[1] === '#each' ? 1 : -1;
    if (depth > 0) continue;
    return { body: text.slice(0, match.index), after: text.slice(match.index + match[0].length) };
  }
  return fail(`{{/each}} after ${opening}, got none`);
}

function valueText(expression: string, scopes: readonly unknown[]): string {
  const [path, ...formats] = expression.split('|').map((part) => part.trim());
  const value = lookUp(path!, scopes);
  if (formats.length > 0) return formatted(value, formats.join(' '), expression);
  if (typeof value === 'string' || Number.isInteger(value)) return String(value);
  return fail(`a text or a whole number at ${path}, or a format, got ${JSON.stringify(value)}`);
}

function lookUp(path: string, scopes: readonly unknown[]): unknown {
  if (path === '.') return scopes[0];
  const keys = path.split('.');
  let value: unknown = scopes.find((candidate) => hasKey(candidate, keys[0]!));
  for (const key of keys) {
    if (!hasKey(value, key)) return fail(`something at ${path}, got nothing`);
    value = value[key];
  }
  return value;
}

function hasKey(value: unknown, key: string): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

function formatted(value: unknown, format: string, expression: string): string {
  const [name, digits, ...more] = format.split(/\s+/u);
  if (value === null) return '–';
  if (typeof value !== 'number')
    return fail(`a number for ${expression}, got ${JSON.stringify(value)}`);
  switch (name) {
    case 'fixed':
      return value.toFixed(Number(digits));
    case 'digits':
      return String(Number(value.toPrecision(Number(digits))));
    case 'power':
      return value.toExponential(Number(digits));
    case 'percent':
      return `${(100 * value).toFixed(Number(digits))} %`;
    case 'count':
      return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/gu, ' ');
    case 'times':
      return formatted(value * Number(digits), more.join(' '), expression);
    default:
      return fail(`a format in ${expression}, got ${name}`);
  }
}

function fail(expectation: string): never {
  throw new RangeError(`[fillTemplate] expected ${expectation}`);
}
