import { alignColumns } from '../table.ts';
import type { AlignedClip } from './aligned-clip.ts';

/** When each word was said, for people; below it, if they are wanted, its units and their states. */
export function alignedText({ words }: AlignedClip, withStates: boolean): string {
  const rows = words.flatMap(({ word, confidence, units, ...span }) => [
    [word, ...spanCells(span), confidence.toFixed(3)],
    ...(withStates
      ? units.flatMap(({ unit, states, ...unitSpan }) => [
          [`  ${unit}`, ...spanCells(unitSpan), ''],
          ...states.map(({ state, ...stateSpan }) => [
            `    state ${state}`,
            ...spanCells(stateSpan),
            '',
          ]),
        ])
      : []),
  ]);
  return alignColumns([['word', 'start', 'end', 'score', 'confidence'], ...rows]).join('\n');
}

function spanCells(span: {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly score: number;
}): string[] {
  return [span.startSeconds.toFixed(3), span.endSeconds.toFixed(3), span.score.toFixed(2)];
}
