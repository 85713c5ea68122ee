import { describe, expect, it } from 'vitest';
import { PrefixBeamSearch } from '../../../src/ctc/beam/prefix-beam-search.ts';
import { compileFiniteGrammar } from '../../../src/language/finite-grammar.ts';
import { labelScorerFor } from '../../../src/language/label-language.ts';
import type { LabelScorer } from '../../../src/language/scorers.ts';
import { WordGraphScorer } from '../../../src/language/word-graph-scorer.ts';
import { Random } from '../../../src/math/random.ts';
import { TableBigram } from '../../reference/table-bigram.ts';

const alphabet = {
  kind: 'characters',
  labels: ['<blank>', ' ', 'a', 'b', 'c', 'd'],
  blank: 0,
  filler: undefined,
  space: 1,
} as const;
const labels = alphabet.labels.length;
const vocabulary = ['a', 'ab', 'bad', 'cab', 'dad'];

function emissionsOf(random: Random, frames: number): Float32Array {
  const rows = Array.from({ length: frames }, () => {
    const logits = Array.from({ length: labels }, () => 3 * random.gaussian());
    const logSum = Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0));
    return logits.map((x) => x - logSum);
  });
  return Float32Array.from(rows.flat());
}

/** The same scorer, which may keep to itself what labels gain at most, and counts how often it is asked. */
function silenced(scorer: LabelScorer, knowsMost: boolean) {
  let asked = 0;
  return {
    start: scorer.start,
    parts: scorer.parts,
    next(state: number, label: number) {
      asked++;
      return scorer.next(state, label);
    },
    end: (state: number) => scorer.end(state),
    ...(knowsMost && { gainBounds: (state: number) => scorer.gainBounds!(state) }),
    asked: () => asked,
  };
}

describe('what a scorer knows of what labels may gain', () => {
  const hotwords = [
    { phrase: 'bad cab', weight: 4 },
    { phrase: 'dad', weight: 2 },
    { phrase: 'a', weight: -1 },
  ];
  const grammar = new WordGraphScorer(
    compileFiniteGrammar({ repeat: { alternatives: vocabulary }, min: 1, max: 9 }),
  );
  const scorers: [string, () => LabelScorer | undefined][] = [
    ['hotwords', () => labelScorerFor(alphabet, { hotwords })],
    ['a grammar', () => labelScorerFor(alphabet, { grammar, wordScore: 0.5 })],
    [
      'bigrams and hotwords',
      () => {
        const ngram = new TableBigram(vocabulary, new Random(5), 0.2);
        return labelScorerFor(alphabet, { ngram, wordScore: -0.5, hotwords });
      },
    ],
  ];

  it.each(scorers)('spares questions and changes nothing of what is found: %s', (_, scorerOf) => {
    const random = new Random(6);
    const asked = [0, 0];
    let hypotheses = 0;
    for (let trial = 0; trial < 20; trial++) {
      const frames = 40;
      const logProbs = emissionsOf(random, frames);
      const found = [true, false].map((knowsMost, index) => {
        const scorer = silenced(scorerOf()!, knowsMost);
        const options = { beamWidth: 8, scorer };
        const search = new PrefixBeamSearch({ labels, silent: [0] }, options);
        search.advance(logProbs, frames);
        asked[index]! += scorer.asked();
        return search.hypotheses(8);
      });
      expect(found[0]).toEqual(found[1]);
      hypotheses += found[0]!.length;
    }
    expect(hypotheses).toBeGreaterThan(20);
    expect(asked[0]).toBeLessThan(asked[1]!);
  });
});
