import { graphLimits } from './word-graph.ts';

/** How large a grammar may be as it is written, before it is compiled. */
export type GrammarLimits = {
  /** Forms inside one another. */
  readonly depth: number;
  /** Words and forms, in all. */
  readonly parts: number;
};

export const defaultGrammarLimits: GrammarLimits = { depth: 64, parts: graphLimits.nodes };

/** What is wrong with a grammar, in the words of an error message, and where. */
export type GrammarFault = { readonly path: (string | number)[]; readonly message: string };

const forms = ['sequence', 'alternatives', 'optional', 'repeat'] as const;
const expectedForm = `words or an object with one of ${forms.join(', ')}`;

/**
 * Everything that keeps what may be anything from being a `FiniteGrammar`, in the order in which it is
 * written. It looks no deeper and no further than the limits, whatever it is given.
 */
export function* finiteGrammarFaults(
  input: unknown,
  limits: GrammarLimits = defaultGrammarLimits,
): Generator<GrammarFault> {
  yield* faultsIn(input, [], { ...limits, seen: 0 });
}

type Progress = GrammarLimits & { seen: number };

function* faultsIn(
  input: unknown,
  path: GrammarFault['path'],
  progress: Progress,
): Generator<GrammarFault> {
  const { depth, parts, seen } = progress;
  // Beyond the limit one fault is enough.
  if (seen > parts) return;
  progress.seen += typeof input === 'string' ? wordCount(input) : 1;
  if (progress.seen > parts) {
    yield { path, message: `expected at most ${parts} words and forms in all, got more` };
    return;
  }
  if (typeof input === 'string') {
    if (input.trim() === '')
      yield { path, message: `expected words, got ${JSON.stringify(input)}` };
    return;
  }
  const form = formOf(input);
  if (form === undefined) {
    yield { path, message: `expected ${expectedForm}, got ${nameOf(input)}` };
    return;
  }
  if (nestingOf(path) >= depth) {
    yield { path, message: `expected at most ${depth} forms inside one another, got more` };
    return;
  }
  const fields = input as Record<string, unknown>;
  yield* form === 'repeat' ? timesFaults(fields, path) : otherFields(fields, [form], path);
  yield* faultsInside(form, fields[form], [...path, form], progress);
}

function* faultsInside(
  form: (typeof forms)[number],
  inside: unknown,
  path: GrammarFault['path'],
  progress: Progress,
): Generator<GrammarFault> {
  if (form === 'optional' || form === 'repeat') {
    yield* faultsIn(inside, path, progress);
    return;
  }
  if (!Array.isArray(inside)) {
    yield { path, message: `expected a list, got ${nameOf(inside)}` };
    return;
  }
  if (form === 'alternatives' && inside.length === 0) {
    yield { path, message: 'expected at least one alternative, got none' };
  }
  for (const [index, part] of inside.entries()) yield* faultsIn(part, [...path, index], progress);
}

function* timesFaults(
  fields: Record<string, unknown>,
  path: GrammarFault['path'],
): Generator<GrammarFault> {
  const { times, min, max } = fields;
  const names = times === undefined ? ['min', 'max'] : ['times'];
  yield* otherFields(fields, ['repeat', ...names], path);
  if (times === undefined && min === undefined) {
    yield { path, message: 'expected "times", or "min" and if need be "max", got neither' };
    return;
  }
  for (const name of names) {
    const count = fields[name];
    if (count === undefined) continue;
    const isCount = Number.isInteger(count) && (count as number) >= 0;
    if (isCount && (count as number) <= graphLimits.nodes) continue;
    yield {
      path: [...path, name],
      message: `expected a whole number in [0, ${graphLimits.nodes}], got ${nameOf(count)}`,
    };
  }
  if (typeof max === 'number' && typeof min === 'number' && max < min) {
    yield { path: [...path, 'max'], message: `expected at least min, ${min}, got ${max}` };
  }
}

function* otherFields(
  fields: Record<string, unknown>,
  known: readonly string[],
  path: GrammarFault['path'],
): Generator<GrammarFault> {
  const other = Object.keys(fields).find((name) => !known.includes(name));
  if (other === undefined) return;
  const expected = known.map((name) => JSON.stringify(name)).join(', ');
  yield { path, message: `expected no field but ${expected}, got ${nameOf(other)}` };
}

/** The one form that an object is meant to be: the first that it names. */
function formOf(input: unknown): (typeof forms)[number] | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  return forms.find((form) => Object.hasOwn(input, form));
}

/** How many forms lie around a place: each has its name in the path. */
function nestingOf(path: GrammarFault['path']): number {
  return path.filter((step) => typeof step === 'string').length;
}

function wordCount(text: string): number {
  return text.match(/\S+/gu)?.length ?? 1;
}

/** What a value is, in few words. */
function nameOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (typeof value === 'object' && value !== null) {
    const names = Object.keys(value).slice(0, 3);
    return names.length === 0
      ? 'an empty object'
      : `an object with ${names.join(', ').slice(0, 60)}`;
  }
  return String(value);
}

/** A place in a grammar as JavaScript would write it: `grammar.sequence[1].repeat`. */
export function placeIn(name: string, path: GrammarFault['path']): string {
  return path.reduce<string>(
    (place, step) => place + (typeof step === 'number' ? `[${step}]` : `.${step}`),
    name,
  );
}
