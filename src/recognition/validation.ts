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
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw requestError(result.error);
}

function requestError({ issues }: z.ZodError): SoriError {
  const issue = issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const field = issue.keys[0]!;
    return new SoriError('invalid_request', `unknown field ${abbreviate(field)}`, { param: field });
  }
  const path = issue.path.map(String);
  const param = path.join('.');
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  const message = missing
    ? `missing field ${param}: expected ${issue.expected}`
    : `${param === '' ? 'request' : param}: ${issue.message}, got ${abbreviate(issue.input)}`;
  return new SoriError('invalid_request', message, param === '' ? {} : { param });
}

/** A short quotation of what came, for messages. */
export function abbreviate(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
