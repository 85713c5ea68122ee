/** The bytes of JSON that have a meaning of their own. */
export const mark = {
  quote: 0x22,
  backslash: 0x5c,
  colon: 0x3a,
  comma: 0x2c,
  openBrace: 0x7b,
  closeBrace: 0x7d,
  openBracket: 0x5b,
  closeBracket: 0x5d,
} as const;

/** The position of the first byte from here on that is no white space. */
export function skipSpace(body: Uint8Array, from: number): number {
  let position = from;
  for (;;) {
    const byte = body[position];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return position;
    position++;
  }
}

/** Characters of a token that messages quote. */
const longestQuoted = 24;

/** A string, perhaps cut, as it stands there; a mark; or what else goes on up to a mark or white space. */
const token = /^(?:"(?:[^"\\]|\\.)*"?|[{}[\]:,]|[^{}[\]:,\s"]+)/s;

/** The token at a position, for an error's message. */
export function excerpt(body: Uint8Array, position: number): string {
  if (position >= body.length) return 'the end of the body';
  const text = textOf(body, position, position + longestQuoted + 1);
  const [found] = token.exec(text) ?? [text];
  const short = found.length > longestQuoted ? `${found.slice(0, longestQuoted - 1)}…` : found;
  return found.startsWith('"') ? short : JSON.stringify(short);
}

/** Bytes as text, one character each. */
export function textOf(body: Uint8Array, start: number, end: number): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1', start, end);
}
