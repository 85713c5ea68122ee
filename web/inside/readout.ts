import { percent, seconds, text, textOr } from '../language.ts';
import type { Insight } from './insight.ts';

/** What there is at one time, in words: the likeliest label, the HMM's state, the word of each decoder. */
export function readoutAt(insight: Insight, atSeconds: number): string {
  const { posteriors, statePath, readings } = insight;
  const { frames, columns, values, labels, frameShiftSeconds } = posteriors;
  const parts = [seconds(atSeconds)];
  const t = Math.min(frames - 1, Math.floor(atSeconds / frameShiftSeconds));
  if (t >= 0) {
    const row = values.subarray(t * columns, (t + 1) * columns);
    const best = row.indexOf(row.reduce((most, value) => Math.max(most, value)));
    parts.push(`CTC: ${labels[best]} ${percent(Math.exp(row[best]!))}`);
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
