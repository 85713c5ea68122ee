import type { Hypothesis } from '../decoding/hypothesis.ts';
import { agreementOf } from './agreement.ts';
import { type ConfidenceReport, confidenceReport, judgeWords } from './confidence.ts';
import { alignTokens } from './edit-distance.ts';
import { errorSegments, type MatchedPairs, matchedPairs } from './matched-pairs.ts';
import { type ErrorRule, referenceSlots, wordErrorRule } from './reference-slots.ts';
import { unsharedErrors, type WordError } from './unshared-errors.ts';
import { wordsOf } from './word-error-rate.ts';

/** One clip and what each of several systems recognised in it. */
export type ComparedClip = {
  /** What the reader knows it by: the path of its recording. */
  readonly clip: string;
  readonly reference: string;
  readonly corpus: string;
  /** One a system, in one order for all clips. */
  readonly hypotheses: readonly Pick<Hypothesis, 'text' | 'words'>[];
};

export type ClipError = WordError & { readonly clip: string };

/** How two systems compare on some clips. */
export type PairScores = {
  readonly clips: number;
  /** See `agreement`; over all clips. */
  readonly agreement: number;
  /** Clips in which both have the same text. */
  readonly sameText: number;
  /** Errors that only the first makes. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Places where both err. */
  readonly shared: number;
  readonly significance: MatchedPairs;
};

export type PairComparison = {
  /** Which of the systems. */
  readonly first: number;
  readonly second: number;
  readonly total: PairScores;
  /** By corpus, in the order in which they came. */
  readonly corpora: readonly (PairScores & { readonly name: string })[];
  readonly onlyFirst: readonly ClipError[];
  readonly onlySecond: readonly ClipError[];
};

/** Compares every two of the systems. */
export function comparePairs(
  clips: readonly ComparedClip[],
  systems: number,
  isError: ErrorRule = wordErrorRule,
): PairComparison[] {
  const pairs: PairComparison[] = [];
  for (let first = 0; first < systems; first++) {
    for (let second = first + 1; second < systems; second++) {
      pairs.push({ first, second, ...comparePair(clips, first, second, isError) });
    }
  }
  return pairs;
}

/** How a system's confidences fit what it got right. */
export function systemConfidence(clips: readonly ComparedClip[], system: number): ConfidenceReport {
  return confidenceReport(
    clips.flatMap(({ reference, hypotheses }) => judgeWords(reference, hypotheses[system]!.words)),
  );
}

function comparePair(
  clips: readonly ComparedClip[],
  first: number,
  second: number,
  isError: ErrorRule,
): Omit<PairComparison, 'first' | 'second'> {
  const compared = clips.map(({ clip, corpus, reference, hypotheses }) => {
    const texts = [first, second].map((system) => wordsOf(hypotheses[system]!.text));
    const [one, other] = texts.map((text) => referenceSlots(wordsOf(reference), text));
    const errors = unsharedErrors(one!, other!, isError);
    const named = (list: readonly WordError[]) => list.map((error) => ({ ...error, clip }));
    return {
      corpus,
      between: alignTokens(texts[0]!, texts[1]!),
      segments: errorSegments(one!, other!, isError),
      onlyFirst: named(errors.onlyFirst),
      onlySecond: named(errors.onlySecond),
      shared: errors.shared,
    };
  });
  const groups = Map.groupBy(compared, ({ corpus }) => corpus);
  return {
    total: pairScores(compared),
    corpora: [...groups].map(([name, members]) => ({ name, ...pairScores(members) })),
    onlyFirst: compared.flatMap(({ onlyFirst }) => onlyFirst),
    onlySecond: compared.flatMap(({ onlySecond }) => onlySecond),
  };
}

type ComparedPair = {
  readonly between: ReturnType<typeof alignTokens<string>>;
  readonly segments: ReturnType<typeof errorSegments>;
  readonly onlyFirst: readonly ClipError[];
  readonly onlySecond: readonly ClipError[];
  readonly shared: number;
};

function pairScores(compared: readonly ComparedPair[]): PairScores {
  const count = (of: (pair: ComparedPair) => number) =>
    compared.reduce((sum, pair) => sum + of(pair), 0);
  return {
    clips: compared.length,
    agreement: agreementOf(compared.map(({ between }) => between)),
    sameText: count(({ between }) => (between.hits === between.pairs.length ? 1 : 0)),
    onlyFirst: count(({ onlyFirst }) => onlyFirst.length),
    onlySecond: count(({ onlySecond }) => onlySecond.length),
    shared: count(({ shared }) => shared),
    significance: matchedPairs(compared.flatMap(({ segments }) => segments)),
  };
}
