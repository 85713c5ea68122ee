import { ArpaParser } from '../../../src/language/ngram/arpa-parser.ts';
import { arpaText } from '../../../src/language/ngram/arpa-writer.ts';
import { estimateKneserNey, modelOf } from '../../../src/language/ngram/kneser-ney.ts';
import type { NgramModel } from '../../../src/language/ngram/ngram-model.ts';
import { noSource } from '../../../src/language/ngram/ngram-model.ts';
import { TextCounter } from '../../../src/language/ngram/text-counter.ts';
import type { Random } from '../../../src/math/random.ts';
import type { WrittenNgram } from '../../reference/back-off-model.ts';

/** The model in the text of an ARPA file. */
export function parseArpa(text: string): NgramModel {
  const parser = new ArpaParser('model.arpa');
  // A file's last line end begins no further line.
  for (const line of text.replace(/\n$/u, '').split('\n')) parser.add(line);
  return parser.finish(noSource);
}

/** A model as the text of an ARPA file. */
export function asArpa(model: NgramModel): string {
  return [...arpaText(model)].join('');
}

/**
 * n-grams whose numbers are drawn, and add up to nothing: some histories have no suffix, some n-grams that end
 * in `<unk>` or `</s>`.
 */
export function randomNgrams(
  random: Random,
  { order, hasUnknown }: { readonly order: number; readonly hasUnknown: boolean },
): WrittenNgram[] {
  const number = (low: number, high: number) => random.uniform(low, high).toFixed(4);
  const words = ['a', 'b', 'c', 'd', '</s>', ...(hasUnknown ? ['<unk>'] : [])];
  const ngrams: WrittenNgram[] = [];
  const grow = (history: readonly string[], chance: number): void => {
    for (const word of words) {
      if (!random.chance(chance)) continue;
      const ngram = [...history, word];
      const hasBackoff = ngram.length < order && word !== '</s>' && random.chance(0.7);
      ngrams.push({
        words: ngram,
        prob: random.chance(0.05) ? '-inf' : number(-5, 0),
        backoff: hasBackoff ? number(-1, 0.5) : '',
      });
      if (ngram.length < order && word !== '</s>') grow(ngram, 0.4);
    }
  };
  grow([], 1);
  ngrams.push({ words: ['<s>'], prob: '-99', backoff: order > 1 ? number(-1, 0) : '' });
  if (order > 1) grow(['<s>'], 0.5);
  return random.shuffle(ngrams);
}

/** Sentences in which some words are far likelier than others, and some pairs. */
export function randomText(
  random: Random,
  sentences: number,
  words: readonly string[],
): string[][] {
  return Array.from({ length: sentences }, () => {
    const sentence: string[] = [];
    let place = 0;
    while (!random.chance(0.2)) {
      place = random.chance(0.5) ? place + 1 : Math.floor(words.length * random.next() ** 2);
      sentence.push(words[place % words.length]!);
    }
    return sentence;
  });
}

/** The model of some sentences. */
export function estimated(
  sentences: readonly (readonly string[])[],
  order: number,
  { vocabulary, open = true }: { vocabulary?: readonly string[]; open?: boolean } = {},
): NgramModel {
  const counter = new TextCounter({ order, open, ...(vocabulary && { vocabulary }) });
  for (const sentence of sentences) counter.add(sentence);
  return modelOf(estimateKneserNey(counter.finish()));
}
