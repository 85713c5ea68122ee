/** How deep JSON may be nested where it is read whole; no grammar that people write comes near it. */
const deepestNesting = 200;

/** A key that stands twice in one object; `isOuter` if that is the object which holds all the others. */
export class DuplicateKeyError extends SyntaxError {
  override readonly name = 'DuplicateKeyError';
  readonly key: string;
  readonly isOuter: boolean;

  constructor(key: string, isOuter: boolean) {
    super(`field ${key} is given twice`);
    this.key = key;
    this.isOuter = isOuter;
  }
}

/**
 * What `JSON.parse` makes of a text, unless it would have to choose between two values of one key, or nests
 * too deep for what reads it.
 * @throws SyntaxError
 */
export function parseJsonText(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const open: Set<string>[] = []; // keys so far of each object around; empty for arrays
  let lastString = '';
  // The text is JSON, so that strings and the marks between them are all there is to look at.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === '{' || token === '[') {
      if (open.push(new Set()) > deepestNesting)
        throw new SyntaxError(`expected at most ${deepestNesting} levels of nesting, got more`);
    } else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const keys = open.at(-1)!;
      const key = JSON.parse(lastString) as string;
      if (keys.has(key)) throw new DuplicateKeyError(key, open.length === 1);
      keys.add(key);
    } else lastString = token;
  }
  return value;
}
