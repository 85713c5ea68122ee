import type { Alphabet } from '../alphabet/alphabet.ts';
import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import type { LabelLogProb } from '../decoding/label-log-prob.ts';
import { forcedPath } from './forced-path.ts';

/**
 * The labels of a text, each with ln of the largest probability that the network gives it in its frames on the
 * likeliest path through the text (`forcedPath`); −∞ for all where there is none. The filler counts as blank.
 *
 * @param text of words that the alphabet can spell
 */
export function labelLogProbs(
  emissions: EmissionMatrix,
  alphabet: Alphabet,
  text: string,
  checkpoint: () => void = () => {},
): LabelLogProb[] {
  const { units, logProbs } = emissions;
  const { blank, filler, labels } = alphabet;
  const labelling = alphabet.encode(text);
  const silent = filler === undefined ? [blank] : [blank, filler];
  const path = forcedPath(emissions, silent, labelling, checkpoint);
  return Array.from(labelling, (label, index) => {
    let logProb = -Infinity;
    if (path !== undefined) {
      for (let t = path.firstFrames[index]!; t < path.endFrames[index]!; t++) {
        logProb = Math.max(logProb, logProbs[t * units + label]!);
      }
    }
    return { label: labels[label]!, logProb };
  });
}
