import { checkGraphSize, type WordArc, type WordGraph } from './word-graph.ts';

/** Any number of the words, in any order, none included; nothing costs anything. */
export function wordLoop(words: readonly string[]): WordGraph {
  checkWords('wordLoop', words);
  checkGraphSize('wordLoop', 1, words.length);
  return { nodes: 1, start: 0, logFinal: Float64Array.of(0), arcs: freeArcs(words, 0, 0) };
}

/** Exactly one of the words. */
export function wordList(words: readonly string[]): WordGraph {
  return wordString(words, 1, 1);
}

/**
 * Strings of at least `fewest` and at most `most` of the words: exactly seven digits, say.
 *
 * Throws `RangeError` unless there are words, none twice, and 0 ≤ fewest ≤ most.
 */
export function wordString(words: readonly string[], fewest: number, most: number): WordGraph {
  checkWords('wordString', words);
  if (!Number.isInteger(fewest) || !Number.isInteger(most) || fewest < 0 || most < fewest) {
    throw new RangeError(
      `[wordString] expected whole numbers 0 ≤ fewest ≤ most, got ${fewest} and ${most}`,
    );
  }
  checkGraphSize('wordString', most + 1, most * words.length);
  const logFinal = new Float64Array(most + 1).fill(-Infinity, 0, fewest);
  const steps = Array.from({ length: most }, (_, step) => freeArcs(words, step, step + 1));
  return { nodes: most + 1, start: 0, logFinal, arcs: steps.flat() };
}

/** These words, one after the other. */
export function wordSequence(words: readonly string[]): WordGraph {
  const nodes = words.length + 1;
  checkGraphSize('wordSequence', nodes, words.length);
  const logFinal = new Float64Array(nodes).fill(-Infinity, 0, words.length);
  const arcs = words.map((word, index) => ({ from: index, to: index + 1, word, logWeight: 0 }));
  return { nodes, start: 0, logFinal, arcs };
}

function freeArcs(words: readonly string[], from: number, to: number): WordArc[] {
  return words.map((word) => ({ from, to, word, logWeight: 0 }));
}

function checkWords(caller: string, words: readonly string[]): void {
  if (words.length === 0) throw new RangeError(`[${caller}] expected at least one word, got none`);
  const seen = new Set<string>();
  for (const word of words) {
    if (seen.has(word)) {
      throw new RangeError(
        `[${caller}] expected each word once, got ${JSON.stringify(word)} again`,
      );
    }
    seen.add(word);
  }
}
