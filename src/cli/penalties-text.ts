import type { TriedDecoding } from '../training/hmm/tune-decoding.ts';

/** The penalties of an HMM's decoding and how the dev sets fared with them. */
export function scoresText({ decoding, scores }: TriedDecoding): string {
  const { wordPenalty, fillerPenalty, fillerFramePenalty = 0, noisePenalty } = decoding;
  const { switchPenalty = 0 } = decoding;
  const sets = Object.entries(scores.sets).map(([name, score]) => `${name} ${score.toFixed(4)}`);
  return [
    `penalties: word ${wordPenalty}, filler ${fillerPenalty} and ${fillerFramePenalty} a frame, noise ${noisePenalty}, switch ${switchPenalty}`,
    `dev: ${sets.join(' · ')}`,
  ].join('\n');
}
