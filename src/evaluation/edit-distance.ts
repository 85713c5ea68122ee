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
 * four counts, so the counts do not depend on how ties are broken. Time grows with the product of the
 * lengths, and so does memory: a quarter of a byte for two tokens. Tokens are compared with `===`.
 * @param distance of reference token i from hypothesis token j, in [0, 1]: between alignments with the
 *   same counts, the one whose pairs (hits and substitutions) are least far from each other in sum
 */
export function alignTokens<Token extends string | number>(
  reference: ArrayLike<Token>,
  hypothesis: ArrayLike<Token>,
  distance?: PairDistance,
): Alignment<Token> {
  const steps = new Uint8Array(Math.ceil((reference.length * hypothesis.length) / stepsPerByte));
  cheapestCost(reference, hypothesis, distance, steps);
  return traceBack(reference, hypothesis, steps);
}

/** The counts of `alignTokens` alone: faster, and with memory for one row of costs. */
export function countEdits<Token extends string | number>(
  reference: ArrayLike<Token>,
  hypothesis: ArrayLike<Token>,
): EditCounts {
  const weight = editWeight(reference, hypothesis);
  const isSmall = (weight + 1) * Math.max(reference.length, hypothesis.length) < 2 ** 31;
  const cost = isSmall
    ? cheapestWholeCost(reference, hypothesis)
    : cheapestCost(reference, hypothesis);
  const substitutions = cost % weight;
  // Substitutions take one token on each side, deletions and insertions make up the lengths' difference.
  const indels = Math.floor(cost / weight) - substitutions;
  const deletions = (indels + reference.length - hypothesis.length) / 2;
  const insertions = indels - deletions;
  const hits = reference.length - substitutions - deletions;
  return { hits, substitutions, deletions, insertions };
}

export type PairDistance = (i: number, j: number) => number;

/** How the last tokens of two prefixes are aligned in the cheapest alignment of the prefixes. */
const step = { pair: 0, deletion: 1, insertion: 2 } as const;
const stepsPerByte = 4;

/**
 * What the cheapest alignment costs. An edit costs `editWeight`, a substitution one more: at equal edits
 * fewer substitutions mean more hits, and there are too few of them to make up an edit. All distances
 * together stay below one, so they only break ties.
 * @param steps takes the step for the first i + 1 and j + 1 tokens: two bits, number
 *   `i * hypothesis + j`
 */
function cheapestCost<Token extends string | number>(
  reference: ArrayLike<Token>,
  hypothesis: ArrayLike<Token>,
  distance?: PairDistance,
  steps?: Uint8Array,
): number {
  const weight = editWeight(reference, hypothesis);
  const [rows, columns] = numbered(reference, hypothesis);
  const width = columns.length;
  // Cost of aligning the reference tokens so far with the first j hypothesis tokens.
  const costs = Float64Array.from({ length: width + 1 }, (_, j) => j * weight);
  for (let i = 0; i < rows.length; i++) {
    const token = rows[i]!;
    let diagonal = costs[0]!;
    let left = (i + 1) * weight;
    costs[0] = left;
    for (let j = 0; j < width; j++) {
      const above = costs[j + 1]!;
      let paired = token === columns[j] ? diagonal : diagonal + weight + 1;
      if (distance !== undefined) paired += distance(i, j) / (weight + 1);
      let cost = paired;
      let taken: number = step.pair;
      if (above + weight < cost) {
        cost = above + weight;
        taken = step.deletion;
      }
      if (left + weight < cost) {
        cost = left + weight;
        taken = step.insertion;
      }
      if (steps !== undefined && taken !== step.pair) {
        const place = i * width + j;
        steps[Math.floor(place / stepsPerByte)]! |= taken << (2 * (place % stepsPerByte));
      }
      diagonal = above;
      left = cost;
      costs[j + 1] = cost;
    }
  }
  return costs[width]!;
}

/** `cheapestCost` without distances, in whole numbers below 2³¹. */
function cheapestWholeCost<Token extends string | number>(
  reference: ArrayLike<Token>,
  hypothesis: ArrayLike<Token>,
): number {
  const weight = editWeight(reference, hypothesis);
  const [rows, columns] = numbered(reference, hypothesis);
  const width = columns.length;
  const costs = Int32Array.from({ length: width + 1 }, (_, j) => j * weight);
  for (const token of rows) {
    let diagonal = costs[0]!;
    let left = diagonal + weight;
    costs[0] = left;
    for (let j = 0; j < width; j++) {
      const above = costs[j + 1]!;
      const paired = token === columns[j] ? diagonal : diagonal + weight + 1;
      left = Math.min(paired, Math.min(above, left) + weight);
      costs[j + 1] = left;
      diagonal = above;
    }
  }
  return costs[width]!;
}

function editWeight(reference: ArrayLike<unknown>, hypothesis: ArrayLike<unknown>): number {
  return Math.min(reference.length, hypothesis.length) + 1;
}

/** Both sequences as numbers, the same for the same token: faster to compare. */
function numbered<Token extends string | number>(
  reference: ArrayLike<Token>,
  hypothesis: ArrayLike<Token>,
): [rows: Int32Array, columns: Int32Array] {
  const numbers = new Map<Token, number>();
  const numberOf = (token: Token): number => {
    const known = numbers.get(token) ?? numbers.size;
    numbers.set(token, known);
    return known;
  };
  return [Int32Array.from(reference, numberOf), Int32Array.from(hypothesis, numberOf)];
}

function traceBack<Token>(
  reference: ArrayLike<Token>,
  hypothesis: ArrayLike<Token>,
  steps: Uint8Array,
): Alignment<Token> {
  const pairs: AlignedPair<Token>[] = [];
  const counts = { hits: 0, substitutions: 0, deletions: 0, insertions: 0 };
  let i = reference.length;
  let j = hypothesis.length;
  while (i > 0 || j > 0) {
    const taken = i === 0 ? step.insertion : j === 0 ? step.deletion : stepAt(i - 1, j - 1);
    if (taken === step.pair) {
      i--;
      j--;
      const kind = reference[i] === hypothesis[j] ? 'hit' : 'substitution';
      counts[kind === 'hit' ? 'hits' : 'substitutions']++;
      pairs.push({ kind, reference: reference[i]!, hypothesis: hypothesis[j]! });
    } else if (taken === step.deletion) {
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

  function stepAt(row: number, column: number): number {
    const place = row * hypothesis.length + column;
    return (steps[Math.floor(place / stepsPerByte)]! >> (2 * (place % stepsPerByte))) & 3;
  }
}
