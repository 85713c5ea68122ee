/** When something was said. */
export type TimedSpan = { readonly startSeconds: number; readonly endSeconds: number };

/** How far times lie apart, in seconds; all 0 where there are none. */
export type TimeDifference = {
  readonly mean: number;
  readonly median: number;
  /** Nine in ten differ by no more. */
  readonly ninetieth: number;
  readonly largest: number;
};

export type SpanDifferences = {
  readonly words: number;
  readonly start: TimeDifference;
  readonly end: TimeDifference;
};

/** How far the starts and the ends of the same words lie apart, in absolute seconds. */
export function spanDifferences(
  pairs: readonly (readonly [TimedSpan, TimedSpan])[],
): SpanDifferences {
  const differences = (of: (span: TimedSpan) => number) =>
    timeDifference(pairs.map(([one, other]) => Math.abs(of(one) - of(other))));
  return {
    words: pairs.length,
    start: differences(({ startSeconds }) => startSeconds),
    end: differences(({ endSeconds }) => endSeconds),
  };
}

function timeDifference(seconds: readonly number[]): TimeDifference {
  const sum = seconds.reduce((total, value) => total + value, 0);
  return {
    mean: seconds.length === 0 ? 0 : sum / seconds.length,
    median: quantile(seconds, 0.5),
    ninetieth: quantile(seconds, 0.9),
    largest: quantile(seconds, 1),
  };
}

/** The value that a share of all do not exceed, straight between the two next to it; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? 0;
  const high = sorted[below + 1] ?? low;
  return low + (place - below) * (high - low);
}
