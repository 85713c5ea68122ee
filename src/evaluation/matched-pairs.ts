import { normalTwoSidedP } from './normal-distribution.ts';
import { type ErrorRule, type ReferenceSlots, wordErrorRule } from './reference-slots.ts';

/** Errors of two systems in one segment. */
export type SegmentErrors = { readonly first: number; readonly second: number };

/** Words that both systems have right, one after another, part two segments (sctk's default). */
const wordsBetweenSegments = 2;
/** With fewer segments than these, p is counted out instead of taken from the normal distribution. */
const normalFrom = 50;

export type MatchedPairs = {
  /** Stretches in which at least one of the two errs. */
  readonly segments: number;
  /** Errors of the first less those of the second, on average a segment. */
  readonly meanDifference: number;
  /** Of meanDifference. */
  readonly standardError: number;
  /**
   * meanDifference / standardError; 0 where there is no difference, infinite (in JSON: null)
   * where it never varies.
   */
  readonly z: number;
  /** How likely so large a difference is, either way, between systems that err equally often. */
  readonly p: number;
  /** Where p is from: the normal distribution of z, or every way to swap the two systems. */
  readonly method: 'normal' | 'exact';
};

/**
 * The segments of an utterance for the matched-pairs test (Gillick & Cox 1989, "Some statistical issues
 * in the comparison of speech recognition algorithms", section 4; cut as NIST's sctk cuts them): each
 * holds errors and is bounded on either side by an end of the utterance or by two or more words that both
 * systems have right, so that one error does not bring about another across the boundary.
 */
export function errorSegments(
  first: ReferenceSlots,
  second: ReferenceSlots,
  isError: ErrorRule = wordErrorRule,
): SegmentErrors[] {
  const segments: SegmentErrors[] = [];
  let errors = { first: 0, second: 0 };
  let right = 0; // words in a row that both have right, with nothing between them
  const close = (): void => {
    if (errors.first + errors.second > 0) segments.push(errors);
    errors = { first: 0, second: 0 };
  };
  const insertions = (position: number): void => {
    const [one, other] = [first.inserted[position]!.length, second.inserted[position]!.length];
    errors.first += one;
    errors.second += other;
    if (one + other > 0) right = 0;
  };
  for (const [position, word] of first.words.entries()) {
    insertions(position);
    const [one, other] = [first.recognised[position]!, second.recognised[position]!];
    if (isError(word, one)) errors.first++;
    if (isError(word, other)) errors.second++;
    right = one === word && other === word ? right + 1 : 0;
    if (right >= wordsBetweenSegments) close();
  }
  insertions(first.words.length);
  close();
  return segments;
}

/**
 * The matched-pairs sentence-segment word error test (MAPSSWE): whether the mean of the segments'
 * differences in errors is zero. With n segments and differences dᵢ, z = d̄ / (s / √n), normal for large n
 * (Gillick & Cox 1989, equation 2). For few, where that is no good, p is exact: if neither system were
 * better, swapping the two in any segment were as likely, and p is the share of the 2ⁿ ways to swap whose
 * |Σ ±dᵢ| is at least |Σ dᵢ| (Fisher's randomisation test of the same statistic; it supposes nothing
 * about how the differences are distributed and, unlike ranks, does not mind ties).
 */
export function matchedPairs(segments: readonly SegmentErrors[]): MatchedPairs {
  const differences = segments.map(({ first, second }) => first - second);
  const count = differences.length;
  if (count === 0)
    return { segments: 0, meanDifference: 0, standardError: 0, z: 0, p: 1, method: 'exact' };
  const meanDifference = sum(differences) / count;
  const squares = sum(differences.map((difference) => (difference - meanDifference) ** 2));
  const standardError = count === 1 ? 0 : Math.sqrt(squares / (count - 1) / count);
  const z = meanDifference === 0 ? 0 : meanDifference / standardError;
  const method = count < normalFrom || standardError === 0 ? 'exact' : 'normal';
  const p = method === 'exact' ? signFlipP(differences) : normalTwoSidedP(z);
  return { segments: count, meanDifference, standardError, z, p, method };
}

/**
 * P(|Σ ±dᵢ| ≥ |Σ dᵢ|) with signs of equal chance. The differences are small whole numbers, so the
 * distribution of the sum is built up one segment after another instead of by counting 2ⁿ ways; its
 * probabilities are multiples of 2⁻ⁿ and exact while n is below 53.
 */
export function signFlipP(differences: readonly number[]): number {
  const sizes = differences.map(Math.abs);
  const faulty = sizes.find((size) => !Number.isSafeInteger(size));
  if (faulty !== undefined)
    throw new RangeError(`[signFlipP] expected whole differences, got ${faulty}`);
  const total = sum(sizes);
  // chances[t]: of the differences with a plus sign adding up to t, so that all add up to 2 t − total.
  let chances = new Float64Array(total + 1);
  chances[0] = 1;
  for (const size of sizes) {
    const next = new Float64Array(total + 1);
    for (let t = 0; t <= total; t++) {
      next[t] = (chances[t]! + (t >= size ? chances[t - size]! : 0)) / 2;
    }
    chances = next;
  }
  const observed = Math.abs(sum(differences));
  return sum([...chances].filter((_, t) => Math.abs(2 * t - total) >= observed));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
