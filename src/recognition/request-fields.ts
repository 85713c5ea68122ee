import { z } from 'zod';
import { normaliseText } from '../alphabet/definition.ts';
import type { Hotword } from '../language/hotword.ts';
import { parseJsonText } from './json-text.ts';

/** How a request writes its fields: as JSON does, or each as text, as forms and queries do. */
export type Notation = 'json' | 'text';

/** How a field is to be documented, as JSON Schema, where that is not what its schema says of its input. */
export const documentedAs = z.registry<Readonly<Record<string, unknown>>, z.core.$ZodType>();

/** A whole number of at least 1. */
export function countField(notation: Notation, most: number): z.ZodType<number, number | string> {
  const count = z.int().min(1).max(most);
  if (notation === 'json') return count;
  const documentation = { type: 'integer', minimum: 1, maximum: most };
  return wholeNumberText.pipe(count).register(documentedAs, documentation);
}

/** A whole number as forms and queries have it. */
export const wholeNumberText = z
  .string('expected a whole number')
  .regex(/^\d{1,15}$/, 'expected a whole number')
  .transform(Number)
  .register(documentedAs, { type: 'integer', minimum: 0 });

/** A list of names; in a form or a query each is a field of its own, and one is a list all the same. */
export function listField<Name extends string>(notation: Notation, names: readonly Name[]) {
  const list = z.array(z.enum(names));
  if (notation === 'json') return list;
  return listOfTexts(list).register(documentedAs, {
    type: 'array',
    items: { type: 'string', enum: names },
  });
}

function listOfTexts<List extends z.ZodType>(list: List) {
  return z.preprocess((value) => (typeof value === 'string' ? [value] : value), list);
}

/** What a phrase is worth where a request does not say: twenty times what the model makes of it. */
export const defaultHotwordWeight = 3;
/** Beyond it a phrase is heard, or not, whatever is said. */
export const largestHotwordWeight = 100;

const weightSchema = z.number().min(-largestHotwordWeight).max(largestHotwordWeight);

const phraseSchema = z
  .string()
  .transform(normaliseText)
  .refine((phrase) => phrase !== '', 'expected at least one word');

const weightField = weightSchema.default(defaultHotwordWeight);
const hotwordSchema = z.strictObject({ phrase: phraseSchema, weight: weightField });
/** The same as documentation has it. */
const hotwordObject = z.strictObject({ phrase: z.string(), weight: weightField });

/** `phrase` or `phrase:weight`, as an object has it. */
function splitHotword(text: string): unknown {
  const colon = text.lastIndexOf(':');
  if (colon === -1) return { phrase: text };
  const weight = text.slice(colon + 1).trim();
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(weight);
  return { phrase: text.slice(0, colon), weight: isNumber ? Number(weight) : weight };
}

const phraseOrObject = z.preprocess(
  (value) => (typeof value === 'string' ? splitHotword(value) : value),
  hotwordSchema,
);

/** Phrases with weights: objects, or texts that are read as `phrase:weight`. */
export function hotwordsField(notation: Notation, most: number): z.ZodType<Hotword[], unknown> {
  const hotwords = z
    .array(phraseOrObject)
    .min(1)
    .max(most, `expected at most ${most} phrases`)
    .refine(
      (list) => new Set(list.map(({ phrase }) => phrase)).size === list.length,
      'expected each phrase once',
    );
  const bounds = { type: 'array', minItems: 1, maxItems: most };
  if (notation === 'json')
    return hotwords.register(documentedAs, {
      ...bounds,
      items: { anyOf: [{ type: 'string' }, z.toJSONSchema(hotwordObject, { io: 'input' })] },
    });
  return listOfTexts(z.array(z.string()))
    .transform((texts, context) => texts.flatMap((text) => itemsOf(text, context)))
    .pipe(hotwords)
    .register(documentedAs, { ...bounds, items: { type: 'string' } });
}

/** A field of a form is one phrase, or a list of them as JSON writes it. */
function itemsOf(text: string, context: z.RefinementCtx): unknown[] {
  if (!text.trimStart().startsWith('[')) return [text];
  try {
    return parseJsonText(text) as unknown[];
  } catch (error) {
    const message = `expected phrases or a list of them in JSON: ${(error as Error).message}`;
    context.addIssue({ code: 'custom', message, input: text });
    return z.NEVER;
  }
}
