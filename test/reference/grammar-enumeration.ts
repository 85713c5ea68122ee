import type { FiniteGrammar } from '../../src/language/finite-grammar.ts';
import type { WordGraph } from '../../src/language/word-graph.ts';

/** Everything that a graph lets be said in at most so many words, and the ln weight of the best way to say it. */
export function sayingsOf(graph: WordGraph, mostWords: number): Map<string, number> {
  const sayings = new Map<string, number>();
  const walk = (node: number, words: readonly string[], logWeight: number): void => {
    const text = words.join(' ');
    const ended = logWeight + graph.logFinal[node]!;
    if (ended > (sayings.get(text) ?? -Infinity)) sayings.set(text, ended);
    for (const arc of graph.arcs) {
      if (arc.from !== node || (arc.word !== undefined && words.length === mostWords)) continue;
      const longer = arc.word === undefined ? words : [...words, arc.word];
      walk(arc.to, longer, logWeight + arc.logWeight);
    }
  };
  walk(graph.start, [], 0);
  return sayings;
}

/** What a finite grammar lets be said in at most so many words, by the meaning of each of its forms. */
export function sayingsOfGrammar(grammar: FiniteGrammar, mostWords: number): Set<string> {
  const joined = (heads: Iterable<string>, tails: Iterable<string>): Set<string> => {
    const ends = [...tails];
    const texts = [...heads].flatMap((head) => ends.map((tail) => `${head} ${tail}`.trim()));
    return new Set(texts.filter((text) => text.split(' ').length <= mostWords));
  };
  if (typeof grammar === 'string') {
    return new Set(grammar.split(' ').length <= mostWords ? [grammar] : []);
  }
  if ('sequence' in grammar) {
    return grammar.sequence
      .map((part) => sayingsOfGrammar(part, mostWords))
      .reduce(joined, new Set(['']));
  }
  if ('alternatives' in grammar) {
    return new Set(grammar.alternatives.flatMap((part) => [...sayingsOfGrammar(part, mostWords)]));
  }
  if ('optional' in grammar) return new Set(['', ...sayingsOfGrammar(grammar.optional, mostWords)]);
  const once = sayingsOfGrammar(grammar.repeat, mostWords);
  const { min, max = Infinity } =
    grammar.times === undefined ? grammar : { min: grammar.times, max: grammar.times };
  // More than `mostWords` times after the least number bring nothing new: each time adds a word or none.
  const most = Math.min(max, min + mostWords);
  let texts = new Set(['']);
  const all = new Set<string>();
  for (let time = 0; time <= most; time++) {
    if (time >= min) for (const text of texts) all.add(text);
    texts = joined(texts, once);
  }
  return all;
}
