/** How two token sequences differ. Substitutions + deletions + insertions is the edit distance. */
export type EditCounts = {
  readonly hits: number;
  readonly substitutions: number;
  readonly deletions: number;
  readonly insertions: number;
};

/** One column of an alignment: a deletion has no hypothesis token, an insertion no reference token. */
export type AlignedPair<Token> =
  | { readonly kind: 'hit' | 'substitution'; readonly reference: Token; readonly hypothesis: Token }
  | { readonly kind: 'deletion'; readonly reference: Token; readonly hypothesis: undefined }
  | { readonly kind: 'insertion'; readonly reference: undefined; readonly hypothesis: Token };

export type Alignment<Token> = EditCounts & {
  /** In the order of both sequences. */
  readonly pairs: readonly AlignedPair<Token>[];
};

/**
 * The alignment of a hypothesis to its reference with the fewest edits (Levenshtein 1966; the dynamic
 * program of Wagner & Fischer 1974) and, among those, the most hits. Edits and hits together settle all
 * four counts, so the counts do not depend on how ties are broken. Time and memory grow with the
 * product of the lengths. Tokens are compared with `===`.
 * @param distance of reference token i from hypothesis token j, in [0, 1]: between alignments with the
 *   same counts, the one whose pairs (hits and substitutions) are least far from each other in sum
 */
export function alignTokens<Token extends string | number>(
  reference: ArrayLike<Token>,
  hypothesis: ArrayLike<Token>,
  distance: PairDistance = () => 0,
): Alignment<Token> {
  const pairCost = pairCosts(reference, hypothesis, distance);
  return traceBack(reference, hypothesis, pairCost, editCosts(reference, hypothesis, pairCost));
}

export type PairDistance = (i: number, j: number) => number;

/**
 * What it costs to pair reference token i with hypothesis token j. An edit costs `editWeight`, a
 * substitution one more: at equal edits fewer substitutions mean more hits, and there are too few of
 * them to make up an edit. All distances together stay below one, so they only break ties.
 */
function pairCosts(
  reference: ArrayLike<unknown>,
  hypothesis: ArrayLike<unknown>,
  distance: PairDistance,
): PairDistance {
  const weight = editWeight(reference, hypothesis);
  return (i, j) =>
    (reference[i] === hypothesis[j] ? 0 : weight + 1) + distance(i, j) / (weight + 1);
}

/**
 * Cost of aligning the first i reference tokens with the first j hypothesis tokens:
 * (reference + 1) × (hypothesis + 1); `[i * (hypothesis + 1) + j]`.
 */
function editCosts<Token>(
  reference: ArrayLike<Token>,
  hypothesis: ArrayLike<Token>,
  pairCost: PairDistance,
): Float64Array<ArrayBuffer> {
  const weight = editWeight(reference, hypothesis);
  const width = hypothesis.length + 1;
  const costs = new Float64Array((reference.length + 1) * width);
  for (let j = 1; j < width; j++) costs[j] = j * weight;
  for (let i = 1; i <= reference.length; i++) {
    const row = i * width;
    costs[row] = i * weight;
    for (let j = 1; j < width; j++) {
      costs[row + j] = Math.min(
        costs[row - width + j - 1]! + pairCost(i - 1, j - 1),
        costs[row - width + j]! + weight,
        costs[row + j - 1]! + weight,
      );
    }
  }
  return costs;
}

function editWeight(reference: ArrayLike<unknown>, hypothesis: ArrayLike<unknown>): number {
  return Math.min(reference.length, hypothesis.length) + 1;
}

function traceBack<Token>(
  reference: ArrayLike<Token>,
  hypothesis: ArrayLike<Token>,
  pairCost: PairDistance,
  costs: Float64Array,
): Alignment<Token> {
  const weight = editWeight(reference, hypothesis);
  const width = hypothesis.length + 1;
  const pairs: AlignedPair<Token>[] = [];
  const counts = { hits: 0, substitutions: 0, deletions: 0, insertions: 0 };
  let i = reference.length;
  let j = hypothesis.length;
  while (i > 0 || j > 0) {
    const cost = costs[i * width + j]!;
    const same = i > 0 && j > 0 && reference[i - 1] === hypothesis[j - 1];
    if (i > 0 && j > 0 && cost === costs[(i - 1) * width + j - 1]! + pairCost(i - 1, j - 1)) {
      i--;
      j--;
      const kind = same ? 'hit' : 'substitution';
      counts[same ? 'hits' : 'substitutions']++;
      pairs.push({ kind, reference: reference[i]!, hypothesis: hypothesis[j]! });
    } else if (i > 0 && cost === costs[(i - 1) * width + j]! + weight) {
      i--;
      counts.deletions++;
      pairs.push({ kind: 'deletion', reference: reference[i]!, hypothesis: undefined });
    } else {
      j--;
      counts.insertions++;
      pairs.push({ kind: 'insertion', reference: undefined, hypothesis: hypothesis[j]! });
    }
  }
  return { ...counts, pairs: pairs.reverse() };
}
