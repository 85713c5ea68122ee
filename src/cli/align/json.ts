import type { AlignedUnit } from '../../decoding/aligner.ts';
import type { AlignedClip } from './aligned-clip.ts';

/** A line for programs: what the alignments of the HTTP service say, under the same names. */
export function alignedJson(clip: AlignedClip, withStates: boolean): string {
  const { file, text, model, method, startSeconds, durationSeconds, score, words } = clip;
  return JSON.stringify({
    file,
    ...(startSeconds > 0 && { offset: startSeconds }),
    duration: durationSeconds,
    text,
    model,
    method,
    score,
    words: words.map(({ word, confidence, units, ...span }) => ({
      word,
      ...spanJson(span),
      confidence,
      ...(withStates && { units: units.map(unitJson) }),
    })),
  });
}

function unitJson({ unit, states, ...span }: AlignedUnit) {
  return {
    unit,
    ...spanJson(span),
    states: states.map(({ state, ...stateSpan }) => ({ state, ...spanJson(stateSpan) })),
  };
}

function spanJson(span: {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly score: number;
}) {
  return { start: span.startSeconds, end: span.endSeconds, score: span.score };
}
