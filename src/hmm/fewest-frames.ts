import type { MarkovChain } from './markov-chain.ts';

/** How many frames the shortest way through a chain takes; +∞ if there is none. */
export function fewestFrames(chain: MarkovChain): number {
  const { states, logInitial, logFinal, arcStart, arcTarget } = chain;
  const seen = new Uint8Array(states);
  let reached: number[] = [];
  for (let i = 0; i < states; i++) if (logInitial[i]! > -Infinity) reached.push(i);
  for (let frames = 1; reached.length > 0; frames++) {
    if (reached.some((i) => logFinal[i]! > -Infinity)) return frames;
    const next: number[] = [];
    for (const i of reached) {
      for (const j of arcTarget.subarray(arcStart[i]!, arcStart[i + 1]!)) {
        if (seen[j] === 0) next.push(j);
        seen[j] = 1;
      }
    }
    reached = next;
  }
  return Infinity;
}
