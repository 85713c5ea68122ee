/** How words are spoken: for each word its pronunciations, each a sequence of units (words or phones). */
export type Lexicon = ReadonlyMap<string, readonly (readonly string[])[]>;

/** What is wrong with a lexicon, in the words of an error message, and where. */
export type LexiconFault = { readonly path: (string | number)[]; readonly message: string };

/**
 * The lexicon of a table as files write it: the words in the table's order.
 *
 * Throws `RangeError`, naming the first fault, unless every word is one word with a pronunciation at least,
 * none of them twice, and every pronunciation is made of known units.
 */
export function lexiconFrom(
  pronunciations: Readonly<Record<string, readonly (readonly string[])[]>>,
  units: Iterable<string>,
): Lexicon {
  const lexicon = new Map(Object.entries(pronunciations));
  for (const { path, message } of lexiconFaults(lexicon, new Set(units))) {
    throw new RangeError(`[lexiconFrom] ${path.join('.')}: ${message}`);
  }
  return lexicon;
}

/** Everything that keeps words from being spoken as the lexicon says. */
export function* lexiconFaults(
  lexicon: Lexicon,
  units: ReadonlySet<string>,
): Generator<LexiconFault> {
  if (lexicon.size === 0) yield { path: [], message: 'expected at least one word, got none' };
  for (const [word, pronunciations] of lexicon) {
    if (word === '' || /\s/u.test(word)) {
      yield { path: [word], message: `expected one word, got ${JSON.stringify(word)}` };
    }
    if (pronunciations.length === 0) {
      yield { path: [word], message: 'expected at least one pronunciation, got none' };
    }
    const seen = new Map<string, number>();
    for (const [index, pronunciation] of pronunciations.entries()) {
      const path = [word, index];
      if (pronunciation.length === 0) yield { path, message: 'expected units, got none' };
      for (const [position, unit] of pronunciation.entries()) {
        if (units.has(unit)) continue;
        const message = `expected the name of a unit, got ${JSON.stringify(unit)}`;
        yield { path: [...path, position], message };
      }
      const spelling = JSON.stringify(pronunciation);
      const earlier = seen.get(spelling);
      if (earlier !== undefined) {
        yield { path, message: `expected another pronunciation than at ${earlier}, got it again` };
      }
      seen.set(spelling, earlier ?? index);
    }
  }
}
