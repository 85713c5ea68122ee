import { SoriError } from '../errors.ts';
import type { Hotword } from './hotword.ts';
import { type LabelAlphabet, Speller, wordsIn } from './label-alphabet.ts';

/** How many labels the phrases of a request may have in all. */
export const hotwordLabelLimit = 100_000;

/** A phrase in labels; where they are characters, a space between words and none at the ends. */
export type SpeltHotword = { readonly labels: readonly number[]; readonly weight: number };

/**
 * Phrases in the alphabet's labels.
 *
 * Throws `SoriError` invalid_request, param `hotwords`, on a weight that is not finite, a phrase without words
 * or with one that the alphabet cannot spell, and on more than `hotwordLabelLimit` labels.
 */
export function speltHotwords(
  alphabet: LabelAlphabet,
  hotwords: readonly Hotword[],
): SpeltHotword[] {
  const speller = new Speller(alphabet);
  const between = alphabet.space === undefined ? [] : [alphabet.space];
  let total = 0;
  return hotwords.map(({ phrase, weight }, index) => {
    const where = `hotwords[${index}]`;
    if (!Number.isFinite(weight))
      throw refusal(`${where}.weight: expected a number, got ${weight}`);
    const words = wordsIn(phrase);
    if (words.length === 0) {
      throw refusal(`${where}.phrase: expected words, got ${quoted(phrase)}`);
    }
    const labels = words.flatMap((word, position) => {
      const spelling = speller.spell(word);
      if (spelling !== undefined) return position === 0 ? spelling : [...between, ...spelling];
      const made = alphabet.kind === 'words' ? 'of the model’s vocabulary' : 'made of its labels';
      throw refusal(
        `${where}.phrase: expected words ${made}, got ${quoted(word)} in ${quoted(phrase)}`,
      );
    });
    total += labels.length;
    if (total > hotwordLabelLimit) {
      throw refusal(
        `${where}.phrase: expected at most ${hotwordLabelLimit} labels in all phrases, got ${total}`,
      );
    }
    return { labels, weight };
  });
}

function refusal(message: string): SoriError {
  return new SoriError('invalid_request', message, { param: 'hotwords' });
}

/** A client's words in a message: shortened, for they may be megabytes. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}
