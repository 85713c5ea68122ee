import type { MeasuredErrorRate } from '../../recognition/model-manifest.ts';
import { percent } from './markdown.ts';

/** The one figure that the goal is about: a share of the words, or words a minute. */
function rateOf(rate: MeasuredErrorRate): number {
  return rate.score === 'wordErrors' ? rate.wordErrorRate : rate.falseWordsPerMinute;
}

export function shownRate(rate: MeasuredErrorRate): string {
  return rate.score === 'wordErrors' ? percent(rateOf(rate)) : rateOf(rate).toFixed(2);
}

/** Undefined where there is no goal. */
export function shownGoal({ score, goal }: MeasuredErrorRate): string | undefined {
  if (goal === undefined) return undefined;
  // A goal is a round figure: its own digits, without the errors of binary fractions.
  const figure = Number((score === 'wordErrors' ? 100 * goal : goal).toFixed(2));
  return score === 'wordErrors' ? `≤ ${figure} %` : `≤ ${figure}`;
}

/** Whether the goal is reached; undefined where there is none. */
export function isMet(rate: MeasuredErrorRate): boolean | undefined {
  return rate.goal === undefined ? undefined : rateOf(rate) <= rate.goal;
}
