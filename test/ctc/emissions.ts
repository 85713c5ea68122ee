import { Alphabet } from '../../src/alphabet/alphabet.ts';
import type { EmissionMatrix } from '../../src/decoding/emission-matrix.ts';
import type { Random } from '../../src/math/random.ts';
import type { Segment } from '../decoder-cases.ts';

/** Blank, filler, "one" and "two", in shorthand `_#12`. */
export const words = new Alphabet({
  kind: 'words',
  labels: ['<blank>', '<other>', 'one', 'two'],
  blank: 0,
  filler: 1,
});

/** Blank, filler, space, "a" and "b", in shorthand `_# ab`. */
export const letters = new Alphabet({
  kind: 'characters',
  labels: ['<blank>', '<other>', ' ', 'a', 'b'],
  blank: 0,
  filler: 1,
});

export function emissionsOf(probs: readonly (readonly number[])[]): EmissionMatrix {
  return {
    frames: probs.length,
    units: probs[0]!.length,
    logProbs: Float32Array.from(probs.flat(), Math.log),
  };
}

/** One frame a label, which has `sureness` nats more than every other label. */
export function spelt(labels: readonly number[], units: number, sureness: number): EmissionMatrix {
  const others = units - 1;
  const prob = 1 / (1 + others * Math.exp(-sureness));
  const rest = (1 - prob) / others;
  const rows = labels.map((label) =>
    Array.from({ length: units }, (_, k) => (k === label ? prob : rest)),
  );
  return rows.length > 0 ? emissionsOf(rows) : { frames: 0, units, logProbs: new Float32Array(0) };
}

/** What is said in the words above, as CTC has it: each in a few frames in its middle. */
export function spoken(segments: readonly Segment[], sureness: number): EmissionMatrix {
  const labels = segments.flatMap(({ word, frames }) => {
    const label = word === undefined ? words.blank : words.labels.indexOf(word);
    return Array.from({ length: frames }, (_, frame) =>
      Math.abs(frame - (frames - 1) / 2) <= 1 ? label : words.blank,
    );
  });
  return spelt(labels, words.size, sureness);
}

/** The labels of an alphabet above in its shorthand. */
export function inShorthand(alphabet: Alphabet, spelling: string): number[] {
  const shorthand = alphabet.kind === 'words' ? '_#12' : '_# ab';
  return [...spelling].map((letter) => shorthand.indexOf(letter));
}

/** Rows of probabilities, some near certain and some flat. */
export function randomProbs(random: Random, frames: number, labels: number): number[][] {
  return Array.from({ length: frames }, () => {
    const powers = Array.from({ length: labels }, () => Math.exp(2 * random.gaussian()));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  });
}
