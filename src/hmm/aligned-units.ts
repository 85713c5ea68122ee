import type { AlignedUnit } from '../decoding/aligner.ts';
import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import type { ArcPath } from './arc-path.ts';
import type { MarkovChain } from './markov-chain.ts';

/**
 * The units of a word on its path and the states that they went through, each as long as the path stays
 * in it. A state's score is its frames' emissions, the transitions into them, and after the word's last
 * frame that of leaving it; the states' add up to the unit's, the units' to the word's.
 *
 * @param timeOf seconds at which a frame begins
 */
export function alignedUnits(
  path: ArcPath,
  emissions: EmissionMatrix,
  timeOf: (frame: number) => number,
): AlignedUnit[] {
  const { firstFrame, states } = path;
  const { places, place, unitState } = path.sound.composite;
  const scores = frameScores(path, emissions);
  /** frames of the path [from, to) */
  const stretch = (from: number, to: number) => ({
    startSeconds: timeOf(firstFrame + from),
    endSeconds: timeOf(firstFrame + to),
    score: scores.subarray(from, to).reduce((sum, score) => sum + score, 0),
  });
  return stretchesOf(states.map((state) => place[state]!)).map(([unitFrom, unitTo]) => ({
    unit: places[place[states[unitFrom]!]!]!.unit,
    ...stretch(unitFrom, unitTo),
    states: stretchesOf(states.subarray(unitFrom, unitTo)).map(([from, to]) => ({
      state: unitState[states[unitFrom + from]!]!,
      ...stretch(unitFrom + from, unitFrom + to),
    })),
  }));
}

/** frames of the path; what each adds to the word's score */
function frameScores({ sound, firstFrame, states }: ArcPath, emissions: EmissionMatrix) {
  const { chain } = sound.composite;
  const scores = new Float64Array(states.length);
  for (const [index, state] of states.entries()) {
    const column = (firstFrame + index) * emissions.units + chain.emission[state]!;
    const transition =
      index === 0 ? chain.logInitial[state]! : arcLogProb(chain, states[index - 1]!, state);
    scores[index] = emissions.logProbs[column]! + transition;
  }
  const last = states.length - 1;
  scores[last]! += chain.logFinal[states[last]!]!;
  return scores;
}

function arcLogProb({ arcStart, arcTarget, arcLogProb }: MarkovChain, from: number, to: number) {
  return arcLogProb[arcTarget.indexOf(to, arcStart[from]!)]!;
}

/** Where neighbours are equal: [from, to) of each stretch, in order. */
function stretchesOf(values: Int32Array): [number, number][] {
  const stretches: [number, number][] = [];
  for (const [index, value] of values.entries()) {
    if (index > 0 && value === values[index - 1]) stretches.at(-1)![1] = index + 1;
    else stretches.push([index, index + 1]);
  }
  return stretches;
}
