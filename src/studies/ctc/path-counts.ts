import { CtcLoss } from '../../ctc/loss.ts';

/**
 * How many paths of `frames` labels, blanks among them, collapse to a text (Graves et al. 2006, section 3.1):
 *
 *     C(T + U − r, 2U)   with T frames, U labels in the text, r of which are the same as the one before
 *
 * A path is a way to share out T frames among the 2U + 1 cells blank, label, blank … of which the U labels
 * and the r blanks between equal labels get at least one frame and the other U + 1 − r any number: so many
 * ways to set 2U bars among T − U − r frames and themselves.
 */
export function pathCount(frames: number, labels: number, repeats: number): bigint {
  return choose(frames + labels - repeats, 2 * labels);
}

/** n over k, exactly. */
function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  let result = 1n;
  for (let i = 1; i <= k; i++) result = (result * BigInt(n - k + i)) / BigInt(i);
  return result;
}

export function repeatsIn(text: readonly number[]): number {
  return text.filter((label, index) => index > 0 && label === text[index - 1]).length;
}

/**
 * By spelling out every path: how many collapse to each text, by the text's labels between commas. The blank
 * is 0, labels are 1 to `alphabet`.
 */
export function pathCountsByEnumeration(frames: number, alphabet: number): Map<string, bigint> {
  const counts = new Map<string, bigint>();
  const path = new Array<number>(frames).fill(0);
  do {
    const text = path.filter((label, t) => label !== 0 && label !== path[t - 1]).join();
    counts.set(text, (counts.get(text) ?? 0n) + 1n);
  } while (advance(path, alphabet));
  return counts;
}

/** The next number in base `alphabet` + 1; false behind the last. */
function advance(path: number[], alphabet: number): boolean {
  for (let t = 0; t < path.length; t++) {
    if (path[t]! < alphabet) {
      path[t]!++;
      return true;
    }
    path[t] = 0;
  }
  return false;
}

/**
 * By the loss that trains the models: a network that finds all labels equally likely gives each path the
 * probability (alphabet + 1)^−T, so that e^−loss is the count times that.
 */
export function pathCountByLoss(text: readonly number[], frames: number, alphabet: number): number {
  const symbols = alphabet + 1;
  const { losses } = new CtcLoss({ labels: symbols, blank: 0 }).compute(
    new Float64Array(frames * symbols),
    frames,
    1,
    Int32Array.of(frames),
    { labels: Int32Array.from(text), lengths: Int32Array.of(text.length) },
  );
  return Math.exp(frames * Math.log(symbols) - losses[0]!);
}

/**
 * Frames that a label of the text gets on average where all paths are equally likely: the one that it must
 * have, and by symmetry its share of the T − U − r that are free among 2U + 1 cells.
 */
export function framesALabel(frames: number, labels: number, repeats: number): number {
  return 1 + (frames - labels - repeats) / (2 * labels + 1);
}
