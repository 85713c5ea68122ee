import type { EmissionMatrix } from '../../../src/decoding/emission-matrix.ts';
import { hmmDefinitionSchema } from '../../../src/hmm/definition.ts';
import { leftToRightUnit } from '../../../src/hmm/topology.ts';
import type { Segment } from '../../decoder-cases.ts';

/** Columns of the emission matrix: one state of silence, three a word, one of the filler. */
const firstColumn = { one: 1, two: 4 } as const;
const columns = 8;

/** The words "one" and "two" of three states each, silence and a filler of one. */
export const twoWords = hmmDefinitionSchema.parse({
  format: 1,
  emissions: columns,
  units: {
    one: leftToRightUnit([1, 2, 3], { stay: 0.6 }),
    two: leftToRightUnit([4, 5, 6], { stay: 0.6 }),
    silence: leftToRightUnit([0], { stay: 0.8 }),
    other: leftToRightUnit([7], { stay: 0.8 }),
  },
  lexicon: { one: [['one']], two: [['two']] },
  silence: 'silence',
  filler: 'other',
  decoding: {
    wordPenalty: -1,
    fillerPenalty: -3,
    noisePenalty: 0,
    beam: 200,
    posteriorScale: 1,
  },
});

/** Each frame's state has 0, all others −sureness: a third of a word's frames for each of its states. */
export function spoken(segments: readonly Segment[], sureness: number): EmissionMatrix {
  const states = segments.flatMap(({ word, frames }) =>
    Array.from({ length: frames }, (_, frame) =>
      word === undefined ? 0 : firstColumn[word] + Math.floor((3 * frame) / frames),
    ),
  );
  const logProbs = new Float32Array(states.length * columns).fill(-sureness);
  for (const [t, state] of states.entries()) logProbs[t * columns + state] = 0;
  return { frames: states.length, units: columns, logProbs };
}
