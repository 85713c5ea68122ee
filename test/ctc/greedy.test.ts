import { describe, expect, it } from 'vitest';
import { Alphabet } from '../../src/alphabet/alphabet.ts';
import { CtcGreedyDecoder } from '../../src/ctc/greedy.ts';
import { labellingProbability } from '../../src/ctc/labelling-probability.ts';
import { Random } from '../../src/math/random.ts';
import { describeDecoder } from '../decoder-cases.ts';
import { collapse, pathsOver } from '../reference/ctc-enumeration.ts';
import {
  emissionsOf,
  inShorthand,
  letters,
  randomProbs,
  spelt,
  spoken,
  words,
} from './emissions.ts';

const options = { frameShiftSeconds: 0.1, durationSeconds: 100 };

function decodeSpelt(alphabet: Alphabet, spelling: string) {
  const emissions = spelt(inShorthand(alphabet, spelling), alphabet.size, 6);
  return new CtcGreedyDecoder(alphabet).decode(emissions, options)[0]!;
}

describeDecoder({
  name: 'ctc_greedy',
  decoder: new CtcGreedyDecoder(words),
  givesMany: false,
  emissionsOf: spoken,
});

describe('CTC greedy decoding', () => {
  // github.com/githubharald/CTCDecoder's example: labels a, b, blank; two frames of 0.4, 0, 0.6.
  it('reads nothing from the best path though "a" is likelier over all paths', () => {
    const alphabet = new Alphabet({ kind: 'words', labels: ['a', 'b', '_'], blank: 2 });
    const emissions = emissionsOf([
      [0.4, 0, 0.6],
      [0.4, 0, 0.6],
    ]);
    const [hypothesis] = new CtcGreedyDecoder(alphabet).decode(emissions, options);
    expect(hypothesis!.text).toBe('');
    expect(hypothesis!.score).toBeCloseTo(Math.log(0.36), 6);
    expect(hypothesis!.confidence).toBeCloseTo(0.36, 6);
    expect(labellingProbability(emissions, [2], Int32Array.of(0))).toBeCloseTo(0.64, 6);
  });

  it('keeps repeated labels separated by a blank and joins those that are not', () => {
    expect(decodeSpelt(words, '11_1_22').text).toBe('one one two');
    expect(decodeSpelt(letters, 'a_ab_b').text).toBe('aabb');
  });

  it('prints no filler but lets it part equal words', () => {
    expect(decodeSpelt(words, '#1#1##').text).toBe('one one');
    expect(decodeSpelt(words, '__##_#').text).toBe('');
    expect(decodeSpelt(letters, 'ab # b').text).toBe('ab b');
  });

  it('parts characters into words at spaces, however many', () => {
    const { text, words: found } = decodeSpelt(letters, ' a_b _ ba_ ');
    expect(text).toBe('ab ba');
    expect(found.map(({ word }) => word)).toEqual(['ab', 'ba']);
  });

  it('takes the lowest label among equally likely ones', () => {
    const emissions = emissionsOf([[0.1, 0.1, 0.4, 0.4]]);
    expect(new CtcGreedyDecoder(words).decode(emissions, options)[0]!.text).toBe('one');
  });

  it('is certain of an empty text where there are no frames', () => {
    const none = { frames: 0, units: 4, logProbs: new Float32Array(0) };
    const silence = { frameShiftSeconds: 0.1, durationSeconds: 0 };
    const hypotheses = new CtcGreedyDecoder(words).decode(none, silence);
    expect(hypotheses).toEqual([
      { text: '', words: [], confidence: 1, score: 0, scoreParts: { acoustic: 0 } },
    ]);
  });

  it('is as confident as all paths that print its text are likely, each path spelt out', () => {
    const random = new Random(9);
    for (let trial = 0; trial < 40; trial++) {
      const rows = randomProbs(random, 1 + random.integer(6), 4);
      const [hypothesis] = new CtcGreedyDecoder(words).decode(emissionsOf(rows), options);
      let expected = 0;
      for (const path of pathsOver(rows.length, 4)) {
        if (words.textOf(collapse(path, words.blank)) !== hypothesis!.text) continue;
        expected += path.reduce((product, label, t) => product * rows[t]![label]!, 1);
      }
      expect(hypothesis!.confidence).toBeCloseTo(expected, 6);
    }
  });
});
