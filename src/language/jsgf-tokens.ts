/** A grammar's text is not what it should be; the message says what was expected, what came, and where. */
export class JsgfError extends RangeError {}

/** Where in the text something stands; both from 1. */
export type TextPosition = { readonly line: number; readonly column: number };

export type JsgfToken = TextPosition & {
  /** `rule` is a name in angle brackets; `end` comes last. */
  readonly kind: 'word' | 'rule' | 'mark' | 'end';
  /** The word, the name, or the mark itself. */
  readonly text: string;
};

/**
 * The tokens of a grammar in the Java Speech Grammar Format (version 1.0, W3C note of 2000) behind its header,
 * comments left out.
 *
 * Throws `JsgfError` on an unknown header, what is not closed, weights, and tags.
 */
export function jsgfTokens(text: string): JsgfToken[] {
  const header = /^\uFEFF?\s*#JSGF\s+V1\.0(?:[ \t]+[^\s;]+){0,2}[ \t]*;/u.exec(text);
  if (header === null) {
    throw jsgfError('"#JSGF V1.0;" first', JSON.stringify(text.slice(0, 20)), {
      line: 1,
      column: 1,
    });
  }
  const tokens: JsgfToken[] = [];
  const place = new PlaceInText(text);
  for (let at = header[0].length; at < text.length; ) {
    const position = place.at(at);
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) {
      const expected = refusals[text[at]!] ?? 'a word, a rule or a mark';
      throw jsgfError(expected, JSON.stringify(text[at]), position);
    }
    const [all, rule, mark, quoted, word = quoted] = match;
    if (rule !== undefined) tokens.push({ kind: 'rule', text: rule, ...position });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark, ...position });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, ...position });
    at += all.length;
  }
  tokens.push({ kind: 'end', text: '', ...place.at(text.length) });
  return tokens;
}

/** Nothing (white space, comments), a rule's name, a mark, a quoted word, a word. */
const pattern =
  /\s+|\/\/[^\n]*|\/\*.*?\*\/|<\s*([^<>\s]+)\s*>|([=;|()[\]*+])|"([^"\\\n]*)"|([^\s=;|()[\]*+<>{}/"\\]+)/suy;

const refusals: Readonly<Record<string, string>> = {
  '/': 'no weights, and comments closed',
  '{': 'no tags',
  '"': 'a quoted word that is closed, with no backslash in it',
  '<': 'the name of a rule in angle brackets',
};

/** Turns offsets that only grow into lines and columns. */
class PlaceInText {
  private readonly text: string;
  private offset = 0;
  private line = 1;
  private lineStart = 0;

  constructor(text: string) {
    this.text = text;
  }

  at(offset: number): TextPosition {
    for (; this.offset < offset; this.offset++) {
      if (this.text[this.offset] !== '\n') continue;
      this.line++;
      this.lineStart = this.offset + 1;
    }
    return { line: this.line, column: offset - this.lineStart + 1 };
  }
}

export function jsgfError(
  expected: string,
  got: string,
  { line, column }: TextPosition,
): JsgfError {
  return new JsgfError(
    `[parseJsgf] expected ${expected}, got ${got} at line ${line}, column ${column}`,
  );
}
