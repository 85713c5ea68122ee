/** How words are spoken: for each word its pronunciations, each a sequence of units (words or phones). */
export type Lexicon = ReadonlyMap<string, readonly (readonly string[])[]>;
