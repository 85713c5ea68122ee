import {
  type ConfidenceMap,
  type ConfidenceTerms,
  calibrated,
  confidenceTerms,
  identityMap,
} from '../decoding/confidence-map.ts';
import { cholesky, invertLowerTriangle } from '../math/symmetric-matrix.ts';
import type { JudgedWord } from './confidence.ts';

/** A word, or a text with so many seconds of its recording without a word, and whether it was right. */
export type Judged = JudgedWord & { readonly seconds?: number };

/** A map's numbers in the order of `ConfidenceTerms`. */
const identity = Float64Array.of(
  identityMap.intercept,
  identityMap.low,
  identityMap.high,
  identityMap.wordless,
);
/** Which of them are not held at 0: the intercept, and any of those that may not be negative. */
const faces = [[0, 1, 2, 3], [0, 1, 2], [0, 1, 3], [0, 2, 3], [0, 1], [0, 2], [0, 3], [0]];
const mostSteps = 100;

/**
 * The map that makes the most of judged words or texts: of all that are maps, the one with the largest
 * posterior probability, Π p(right or wrong) under a prior in which each number is normal around that of the
 * identity with a deviation of 1. Few words move it little, and none leave it where it is.
 *
 * The logarithm is concave, so that the best map is the best on one of the faces of low, high, wordless ≥ 0
 * even without that condition; Newton's method finds each.
 */
export function fitConfidenceMap(judged: readonly Judged[]): ConfidenceMap {
  const observations = judged.map(({ confidence, seconds = 0, right }) => ({
    terms: confidenceTerms(confidence, seconds),
    right,
  }));
  const candidates = faces
    .map((free) => lowestOn(free, observations))
    .filter(({ theta }) => theta.subarray(1).every((value) => value >= 0))
    .sort((a, b) => a.cost - b.cost);
  const [intercept, low, high, wordless] = candidates[0]!.theta;
  return { intercept: intercept!, low: low!, high: high!, wordless: wordless! };
}

type Observation = { readonly terms: ConfidenceTerms; readonly right: boolean };
type Point = { readonly theta: Float64Array; readonly cost: number };

/** Newton's method with halved steps, over some of the numbers; the others are 0. */
function lowestOn(free: readonly number[], observations: readonly Observation[]): Point {
  const start = identity.map((value, i) => (free.includes(i) ? value : 0));
  let point: Point = { theta: start, cost: costOf(start, observations) };
  for (let step = 0; step < mostSteps; step++) {
    const direction = newtonStep(point.theta, free, observations);
    let length = 1;
    let next = moved(point, direction, length, observations);
    while (next.cost > point.cost && length > 1e-9) {
      length /= 2;
      next = moved(point, direction, length, observations);
    }
    if (!(next.cost < point.cost)) return point;
    point = next;
  }
  return point;
}

function moved(
  { theta }: Point,
  direction: Float64Array,
  length: number,
  observations: readonly Observation[],
): Point {
  const there = theta.map((value, i) => value + length * direction[i]!);
  return { theta: there, cost: costOf(there, observations) };
}

/** −ln of the posterior, but for a constant. */
function costOf(theta: Float64Array, observations: readonly Observation[]): number {
  let cost = 0;
  for (const [i, value] of theta.entries()) cost += (value - identity[i]!) ** 2 / 2;
  for (const { terms, right } of observations) {
    const logit = logitOf(theta, terms);
    const surprise = right ? -logit : logit;
    // ln(1 + eˣ) without overflow
    cost += Math.max(0, surprise) + Math.log1p(Math.exp(-Math.abs(surprise)));
  }
  return cost;
}

function newtonStep(
  theta: Float64Array,
  free: readonly number[],
  observations: readonly Observation[],
): Float64Array {
  const n = free.length;
  const slope = Float64Array.from(free, (i) => theta[i]! - identity[i]!);
  const curvature = Float64Array.from({ length: n * n }, (_, place) =>
    place % (n + 1) === 0 ? 1 : 0,
  );
  for (const { terms, right } of observations) {
    const p = 1 / (1 + Math.exp(-logitOf(theta, terms)));
    for (const [row, i] of free.entries()) {
      slope[row]! += (p - (right ? 1 : 0)) * terms[i]!;
      for (const [column, j] of free.entries()) {
        curvature[row * n + column]! += p * (1 - p) * terms[i]! * terms[j]!;
      }
    }
  }
  // curvature⁻¹ = L⁻ᵀ L⁻¹
  const inverse = invertLowerTriangle(cholesky(curvature, n), n);
  const step = new Float64Array(identity.length);
  for (const [row, i] of free.entries()) {
    for (let k = row; k < n; k++) {
      for (let column = 0; column <= k; column++) {
        step[i]! -= inverse[k * n + row]! * inverse[k * n + column]! * slope[column]!;
      }
    }
  }
  return step;
}

function logitOf(theta: Float64Array, terms: ConfidenceTerms): number {
  return theta.reduce((sum, value, i) => sum + value * terms[i]!, 0);
}

/**
 * Each word or text with the confidence that it has by a map which was fitted to the other half: what calibration
 * does for words that it has not seen.
 * @param half of each word, 0 or 1
 */
export function crossCalibrated<Word extends Judged>(
  words: readonly Word[],
  half: (word: Word) => number,
): Word[] {
  const maps = [0, 1].map((own) => fitConfidenceMap(words.filter((word) => half(word) !== own)));
  return words.map((word) => ({
    ...word,
    confidence: calibrated(word.confidence, maps[half(word)]!, word.seconds),
  }));
}
