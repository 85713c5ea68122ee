import type { Random } from '../../math/random.ts';
import type { NetworkBatch } from '../../training/network/trainable-network.ts';

/** A batch of sequences of equal length that each ask for one label, in their last frame. */
export type AskingBatch = NetworkBatch<Float32Array> & {
  /** batch */
  readonly targets: Int32Array;
};

export const recallSymbols = 4;
/** One input a symbol, one that says "remember this", one that asks. */
export const recallInputs = recallSymbols + 2;

/**
 * Recall after a delay. The first frame shows a symbol and says that it is the one to remember; the next lag − 1
 * frames show symbols that do not matter; the last, `lag` frames after the first, asks. One frame of a few tells
 * the answer, and nothing later gives it away (after the latching problem of Bengio, Simard & Frasconi 1994 and
 * the tasks of Hochreiter & Schmidhuber 1997, section 5).
 */
export function recallBatch(random: Random, lag: number, batch: number): AskingBatch {
  const frames = lag + 1;
  const features = new Float32Array(frames * batch * recallInputs); // [(t * batch + n) * inputs + d]
  const targets = Int32Array.from({ length: batch }, () => random.integer(recallSymbols));
  for (let n = 0; n < batch; n++) {
    for (let t = 0; t < lag; t++) {
      const symbol = t === 0 ? targets[n]! : random.integer(recallSymbols);
      features[(t * batch + n) * recallInputs + symbol] = 1;
    }
    features[n * recallInputs + recallSymbols] = 1;
    features[(lag * batch + n) * recallInputs + recallSymbols + 1] = 1;
  }
  return { frames, batch, features, lengths: new Int32Array(batch).fill(frames), targets };
}
