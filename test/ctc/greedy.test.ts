import { describe, expect, it } from 'vitest';
import { Alphabet } from '../../src/alphabet/alphabet.ts';
import { CtcGreedyDecoder } from '../../src/ctc/greedy.ts';
import { labellingProbability } from '../../src/ctc/labelling-probability.ts';
import type { EmissionMatrix } from '../../src/decoding/emission-matrix.ts';
import { Random } from '../../src/math/random.ts';
import { describeDecoder } from '../decoder-cases.ts';
import { collapse, pathsOver } from '../reference/ctc-enumeration.ts';

const words = new Alphabet({
  kind: 'words',
  labels: ['<blank>', '<other>', 'one', 'two'],
  blank: 0,
  filler: 1,
});
const letters = new Alphabet({
  kind: 'characters',
  labels: ['<blank>', '<other>', ' ', 'a', 'b'],
  blank: 0,
  filler: 1,
});
const options = { frameShiftSeconds: 0.1, durationSeconds: 100 };

function emissionsOf(probs: readonly (readonly number[])[]): EmissionMatrix {
  return {
    frames: probs.length,
    units: probs[0]!.length,
    logProbs: Float32Array.from(probs.flat(), Math.log),
  };
}

/** One frame a label, which has `sureness` nats more than every other label. */
function spelt(labels: readonly number[], units: number, sureness: number): EmissionMatrix {
  const others = units - 1;
  const prob = 1 / (1 + others * Math.exp(-sureness));
  const rest = (1 - prob) / others;
  const rows = labels.map((label) =>
    Array.from({ length: units }, (_, k) => (k === label ? prob : rest)),
  );
  return rows.length > 0 ? emissionsOf(rows) : { frames: 0, units, logProbs: new Float32Array(0) };
}

function decodeSpelt(alphabet: Alphabet, spelling: string) {
  const shorthand = alphabet.kind === 'words' ? '_#12' : '_# ab';
  const labels = [...spelling].map((letter) => shorthand.indexOf(letter));
  return new CtcGreedyDecoder(alphabet).decode(spelt(labels, alphabet.size, 6), options)[0]!;
}

describeDecoder({
  name: 'ctc_greedy',
  decoder: new CtcGreedyDecoder(words),
  givesMany: false,
  emissionsOf: (segments, sureness) =>
    spelt(
      segments.flatMap(({ word, frames }) => {
        // CTC marks a word in a few frames in its middle.
        const label = word === undefined ? words.blank : words.labels.indexOf(word);
        return Array.from({ length: frames }, (_, frame) =>
          Math.abs(frame - (frames - 1) / 2) <= 1 ? label : words.blank,
        );
      }),
      words.size,
      sureness,
    ),
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
});

describe('times of greedily decoded words', () => {
  const timesOf = (alphabet: Alphabet, spelling: string, durationSeconds = 100) => {
    const shorthand = alphabet.kind === 'words' ? '_#12' : '_# ab';
    const labels = [...spelling].map((letter) => shorthand.indexOf(letter));
    const emissions = spelt(labels, alphabet.size, 6);
    const decode = { frameShiftSeconds: 0.1, durationSeconds };
    const [hypothesis] = new CtcGreedyDecoder(alphabet).decode(emissions, decode);
    return hypothesis!.words.map(({ startSeconds, endSeconds }) =>
      [startSeconds, endSeconds].map((seconds) => Number(seconds.toFixed(9))),
    );
  };

  it('reach 150 ms beyond the spike of a word and 50 ms beyond those of characters', () => {
    expect(timesOf(words, '_____11____')).toEqual([[0.35, 0.85]]);
    expect(timesOf(letters, '____a_bb____')).toEqual([[0.35, 0.85]]);
  });

  it('reach no further than half of the way to the next word or filler', () => {
    expect(timesOf(words, '____1_2____')).toEqual([
      [0.25, 0.55],
      [0.55, 0.85],
    ]);
    expect(timesOf(words, '____1#_2___')).toEqual([
      [0.25, 0.5],
      [0.65, 0.95],
    ]);
  });

  it('stay inside the recording', () => {
    expect(timesOf(words, '1')).toEqual([[0, 0.25]]);
    expect(timesOf(words, '1__2', 0.35)).toEqual([
      [0, 0.2],
      [0.2, 0.35],
    ]);
    expect(timesOf(words, '1__2', 0.05)).toEqual([
      [0, 0.05],
      [0.05, 0.05],
    ]);
  });
});

describe('confidence of greedily decoded text', () => {
  it("of a word is its label's largest probability in the run", () => {
    const emissions = emissionsOf([
      [0.1, 0.1, 0.6, 0.2],
      [0.1, 0.1, 0.7, 0.1],
      [0.8, 0.1, 0.05, 0.05],
    ]);
    const [hypothesis] = new CtcGreedyDecoder(words).decode(emissions, options);
    expect(hypothesis!.words[0]!.confidence).toBeCloseTo(0.7, 6);
  });

  it('of a word of characters is the product over its characters', () => {
    const emissions = emissionsOf([
      [0.1, 0.1, 0.1, 0.6, 0.1],
      [0.1, 0.1, 0.1, 0.2, 0.5],
    ]);
    const [hypothesis] = new CtcGreedyDecoder(letters).decode(emissions, options);
    expect(hypothesis!.words[0]!.confidence).toBeCloseTo(0.3, 6);
  });

  it('of the whole is the probability of all paths that print it, each path spelt out', () => {
    const random = new Random(9);
    for (let trial = 0; trial < 40; trial++) {
      const rows = Array.from({ length: 1 + random.integer(6) }, () => {
        const powers = Array.from({ length: 4 }, () => Math.exp(2 * random.gaussian()));
        const sum = powers.reduce((total, power) => total + power, 0);
        return powers.map((power) => power / sum);
      });
      const [hypothesis] = new CtcGreedyDecoder(words).decode(emissionsOf(rows), options);
      let expected = 0;
      for (const path of pathsOver(rows.length, 4)) {
        if (words.textOf(collapse(path, words.blank)) !== hypothesis!.text) continue;
        expected += path.reduce((product, label, t) => product * rows[t]![label]!, 1);
      }
      expect(hypothesis!.confidence).toBeCloseTo(expected, 6);
    }
  });

  it('stays in [0, 1] for ten minutes of flat emissions and for impossible ones', () => {
    const flat = spelt(
      Array.from({ length: 20_000 }, () => 0),
      4,
      1e-3,
    );
    const impossible = { frames: 2, units: 4, logProbs: new Float32Array(8).fill(-Infinity) };
    for (const emissions of [flat, impossible]) {
      const [hypothesis] = new CtcGreedyDecoder(words).decode(emissions, options);
      expect(hypothesis!.confidence).toBeGreaterThanOrEqual(0);
      expect(hypothesis!.confidence).toBeLessThanOrEqual(1);
    }
  });
});
