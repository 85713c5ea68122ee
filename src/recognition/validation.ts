import type { z } from 'zod';
import { SoriError } from '../errors.ts';

/**
 * Checks what a client sent against a schema.
 * @throws SoriError invalid_request that names the first field at fault
 */
export function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true, error: expectation });
  if (result.success) return result.data;
  throw requestError(result.error);
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/** What a field should have been, in plain words, where its schema does not say so itself. */
function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${typeNames[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'too_small':
      if (issue.origin === 'string') return 'expected text that is not empty';
      return `expected at least ${issue.minimum}`;
    case 'too_big':
      return `expected at most ${issue.maximum}`;
    default:
      return undefined;
  }
}

function requestError({ issues }: z.ZodError): SoriError {
  const issue = issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    const [field = key] = issue.path;
    const place = issue.path.length === 0 ? '' : ` in ${abbreviatedPath(issue.path)}`;
    return new SoriError('invalid_request', `unknown field ${abbreviate(key)}${place}`, {
      param: String(field),
    });
  }
  const [field] = issue.path;
  if (field === undefined)
    return new SoriError(
      'invalid_request',
      `request: ${issue.message}, got ${abbreviate(issue.input)}`,
    );
  const place = abbreviatedPath(issue.path);
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  // Messages from further down say themselves what came.
  const got = issue.message.includes(', got ') ? '' : `, got ${abbreviate(issue.input)}`;
  const message = missing
    ? `missing field ${place}: ${issue.message}`
    : `${place}: ${issue.message}${got}`;
  return new SoriError('invalid_request', message, { param: String(field) });
}

/** A place inside a field; of one deep inside, where it begins. */
function abbreviatedPath(path: readonly PropertyKey[]): string {
  const place = path.map(String).join('.');
  return place.length > 60 ? `${place.slice(0, 57)}…` : place;
}

/** A short quotation of what came, for messages. */
export function abbreviate(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
