/**
 * Who follows whom in a hidden Markov model, apart from what its states emit. Sparse: an arc that is not
 * listed has probability zero.
 */
export type MarkovChain = {
  readonly states: number;
  /** states; ln probability of beginning in a state */
  readonly logInitial: Float64Array;
  /** states; ln probability of ending after a state; zeros where a sequence may end anywhere at no cost */
  readonly logFinal: Float64Array;
  /** states + 1; the arcs out of state i are `arcStart[i]` up to `arcStart[i + 1]` */
  readonly arcStart: Int32Array;
  /** arcs; the state that an arc leads to, ascending within one source */
  readonly arcTarget: Int32Array;
  /** arcs; ln probability */
  readonly arcLogProb: Float64Array;
  /** states; the column of the score matrix that holds a state's emission log-likelihoods: states that
   *  share a column are tied */
  readonly emission: Int32Array;
};

/** An arc from one state to another, with its probability. */
export type Arc = { readonly from: number; readonly to: number; readonly prob: number };

/** The arcs that a chain keeps, those with a probability above zero, in the order in which it keeps them. */
export function inChainOrder<Kind extends Arc>(arcs: readonly Kind[]): Kind[] {
  return arcs.filter(({ prob }) => prob > 0).sort((a, b) => a.from - b.from || a.to - b.to);
}

/**
 * The chain of these probabilities.
 *
 * @param initialProbs states
 * @param finalProbs states; all 1 where a sequence may end anywhere
 * @param arcs in any order, at most one from a state to another
 * @param emission states; column of the score matrix
 */
export function chainFromArcs(
  initialProbs: Float64Array,
  finalProbs: Float64Array,
  arcs: readonly Arc[],
  emission: Int32Array,
): MarkovChain {
  const states = initialProbs.length;
  const ordered = inChainOrder(arcs);
  const arcStart = new Int32Array(states + 1);
  for (const { from } of ordered) arcStart[from + 1]!++;
  for (let i = 0; i < states; i++) arcStart[i + 1]! += arcStart[i]!;
  return {
    states,
    logInitial: initialProbs.map(Math.log),
    logFinal: finalProbs.map(Math.log),
    arcStart,
    arcTarget: Int32Array.from(ordered, ({ to }) => to),
    arcLogProb: Float64Array.from(ordered, ({ prob }) => Math.log(prob)),
    emission,
  };
}

/** How far from one a row of probabilities may sum. */
export const sumTolerance = 1e-6;

/**
 * The chain of a transition matrix, each state with the column of its own number.
 *
 * @param initialProbs states
 * @param transitionProbs states × states; `[from][to]`
 * @param finalProbs states; by default a sequence may end anywhere at no cost
 *
 * Throws `RangeError` unless there is a state, the shapes agree, everything is in [0, 1], the initial
 * probabilities sum to one, and so does each row of transitions, alone or with its final probability.
 */
export function chainFromMatrix(
  initialProbs: readonly number[],
  transitionProbs: readonly (readonly number[])[],
  finalProbs: readonly number[] = initialProbs.map(() => 1),
): MarkovChain {
  const states = initialProbs.length;
  if (states === 0) fail('at least one state, got none');
  checkRow('initialProbs', initialProbs, states);
  checkRow('finalProbs', finalProbs, states);
  const total = sumOf(initialProbs);
  if (!isOne(total)) fail(`initialProbs that sum to 1, got ${total}`);
  if (transitionProbs.length !== states) {
    fail(`${states} rows of transitionProbs, got ${transitionProbs.length}`);
  }
  for (const [i, row] of transitionProbs.entries()) {
    checkRow(`transitionProbs[${i}]`, row, states);
    const sum = sumOf(row);
    if (isOne(sum) || isOne(sum + finalProbs[i]!)) continue;
    fail(`transitionProbs[${i}] that sum to 1, alone or with finalProbs[${i}], got ${sum}`);
  }
  const arcs = transitionProbs.flatMap((row, from) => row.map((prob, to) => ({ from, to, prob })));
  return chainFromArcs(
    Float64Array.from(initialProbs),
    Float64Array.from(finalProbs),
    arcs,
    Int32Array.from(initialProbs, (_, i) => i),
  );
}

/** The arcs of a chain by the state that they lead to, for recursions that run forward in time. */
export type IncomingArcs = {
  /** states + 1; the arcs into state j are `start[j]` up to `start[j + 1]` */
  readonly start: Int32Array;
  /** arcs; where an arc comes from, ascending within one target */
  readonly source: Int32Array;
  /** arcs; ln probability */
  readonly logProb: Float64Array;
};

export function incomingArcs(chain: MarkovChain): IncomingArcs {
  const { states, arcStart, arcTarget, arcLogProb } = chain;
  const start = new Int32Array(states + 1);
  for (const j of arcTarget) start[j + 1]!++;
  for (let j = 0; j < states; j++) start[j + 1]! += start[j]!;
  const next = start.slice(0, states);
  const source = new Int32Array(arcTarget.length);
  const logProb = new Float64Array(arcTarget.length);
  for (let i = 0; i < states; i++) {
    for (let arc = arcStart[i]!; arc < arcStart[i + 1]!; arc++) {
      const place = next[arcTarget[arc]!]!++;
      source[place] = i;
      logProb[place] = arcLogProb[arc]!;
    }
  }
  return { start, source, logProb };
}

/**
 * The same chain with the columns that it uses numbered from 0, and which those are: for scoring no states
 * but these.
 */
export function compactEmissions(chain: MarkovChain): { chain: MarkovChain; columns: Int32Array } {
  const columns = Int32Array.from(new Set(chain.emission)).sort();
  const places = new Map(Array.from(columns, (column, place) => [column, place]));
  const emission = chain.emission.map((column) => places.get(column)!);
  return { chain: { ...chain, emission }, columns };
}

function checkRow(name: string, row: readonly number[], states: number): void {
  if (row.length !== states) fail(`${states} ${name}, got ${row.length}`);
  for (const prob of row) {
    if (!(prob >= 0 && prob <= 1)) fail(`${name} in [0, 1], got ${prob}`);
  }
}

function sumOf(row: readonly number[]): number {
  return row.reduce((sum, prob) => sum + prob, 0);
}

function isOne(sum: number): boolean {
  return Math.abs(sum - 1) <= sumTolerance;
}

function fail(expectation: string): never {
  throw new RangeError(`[chainFromMatrix] expected ${expectation}`);
}
