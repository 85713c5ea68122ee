import { percent, seconds, text, textOr } from '../language.ts';
import type { Insight } from './insight.ts';

/** What is less probable is not named. */
const leastProbability = 0.05;

/** What there is at one time, in words: the probable labels, the HMM's state, the word of each decoder. */
export function readoutAt(insight: Insight, atSeconds: number): string {
  const { posteriors, statePath, readings } = insight;
  const { frames, columns, values, labels, blank, frameShiftSeconds } = posteriors;
  const parts = [seconds(atSeconds)];
  const t = Math.min(frames - 1, Math.floor(atSeconds / frameShiftSeconds));
  if (t >= 0) {
    const row = Array.from(values.subarray(t * columns, (t + 1) * columns), Math.exp);
    const probable = row
      .map((probability, label) => ({ probability, label }))
      .sort((a, b) => b.probability - a.probability)
      .filter(({ probability }, index) => index === 0 || probability >= leastProbability);
    const shown = probable.map(({ probability, label }) => {
      const name = label === blank ? text('learnBlank') : labels[label];
      return `${name} ${percent(probability)}`;
    });
    parts.push(`CTC: ${shown.join(', ')}`);
  }
  const isNow = (span: { readonly start: number; readonly end: number }) =>
    atSeconds >= span.start && atSeconds < span.end;
  const unit = statePath?.flatMap(({ units = [] }) => units).find(isNow);
  const state = unit?.states?.find(isNow);
  if (unit !== undefined && state !== undefined)
    parts.push(text('stateNow', { unit: unit.unit, state: state.state + 1 }));
  for (const { decoder, words } of readings) {
    const word = words.find(isNow);
    if (word !== undefined) parts.push(`${textOr(decoder, decoder)}: ${word.word}`);
  }
  return parts.join(' · ');
}
