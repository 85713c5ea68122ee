import { z } from 'zod';
import { SoriError } from '../src/errors.ts';
import { abbreviate } from '../src/recognition/validation.ts';

/** The fields that may be given more than once, with or without OpenAI's brackets behind the name. */
const listFields: readonly string[] = [
  'timestamp_granularities',
  'decoders',
  'include',
  'hotwords',
];

/** The list that a form field or a query parameter adds to, if it is one that may be given repeatedly. */
export function listNamed(name: string): string | undefined {
  const plainName = name.endsWith('[]') ? name.slice(0, -2) : name;
  return listFields.includes(plainName) ? plainName : undefined;
}

/** A parsed query whose lists are whole, however they were spelled. */
export function joinLists(query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const joined = new Map<string, unknown>();
  for (const [name, value] of Object.entries(query)) {
    const list = listNamed(name);
    if (list === undefined) joined.set(name, value);
    else joined.set(list, [joined.get(list) ?? [], value].flat());
  }
  return Object.fromEntries(joined);
}

/** The query of a request that has no options. */
export const noQuerySchema = z.strictObject({});

/**
 * Holds a request whose options stand in its body to that.
 * @throws SoriError invalid_request that names a field in the query
 */
export function checkNoQuery(
  query: Readonly<Record<string, unknown>>,
  body: 'form' | 'JSON body',
): void {
  const [field] = Object.keys(query);
  if (field === undefined) return;
  const message = `unknown field ${abbreviate(field)} in the query: the options stand in the ${body}`;
  throw new SoriError('invalid_request', message, { param: field });
}
