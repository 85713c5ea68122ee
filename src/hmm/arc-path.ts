import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import type { DecodingNetwork } from './decoding-network.ts';
import type { Sound } from './sounds.ts';
import { viterbi } from './viterbi.ts';
import type { WordLattice } from './word-lattice.ts';

/** How a sound of a lattice went through its states. */
export type ArcPath = {
  readonly sound: Sound;
  /** The frames are [firstFrame, endFrame). */
  readonly firstFrame: number;
  readonly endFrame: number;
  /** frames of the arc; states of the sound's chain */
  readonly states: Int32Array;
  /** Sums of ln emissions, and of ln probabilities of entering, moving on and leaving, with what each frame
   *  of the sound costs. */
  readonly acoustic: number;
  readonly transitions: number;
};

/**
 * The states of an arc that is not silent: the best path through the sound's chain over the arc's frames,
 * which is the one that token passing took.
 */
export function pathOfArc(
  lattice: WordLattice,
  network: DecodingNetwork,
  emissions: EmissionMatrix,
  arc: number,
): ArcPath {
  const { units, logProbs } = emissions;
  const sound = network.instanceSound[lattice.arcInstance[arc]!]!;
  const { chain } = sound.composite;
  const firstFrame = lattice.recordFrame[lattice.arcFrom[arc]!]!;
  const endFrame = lattice.recordFrame[lattice.arcTo[arc]!]!;
  const { logProb, states } = viterbi(chain, {
    frames: endFrame - firstFrame,
    units,
    logProbs: logProbs.subarray(firstFrame * units, endFrame * units),
  });
  let acoustic = 0;
  for (const [index, state] of states.entries()) {
    acoustic += logProbs[(firstFrame + index) * units + chain.emission[state]!]!;
  }
  return { sound, firstFrame, endFrame, states, acoustic, transitions: logProb - acoustic };
}
