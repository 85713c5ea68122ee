import type { Segment } from '../../hmm/composite-chain.ts';
import { fillerUnit, type HmmParameters, noiseUnit, silenceUnit } from './units.ts';

/** How likely there is no pause. */
const noPauseAtEdge = 0.1;
const noPauseBetween = 0.6;

/**
 * What is said in an example, as segments for a composite chain: its words, and pauses, silent or with a
 * noise, before, between and behind them.
 * @param words undefined for what is outside the vocabulary
 */
export function transcriptSegments(
  words: readonly (string | undefined)[],
  { units, lexicon }: Pick<HmmParameters, 'units' | 'lexicon'>,
): Segment[] {
  const alternatives = [silenceUnit, noiseUnit]
    .filter((name) => Object.hasOwn(units, name))
    .map((name) => [name]);
  const pause = (skip: number): Segment => ({ alternatives, skip });
  if (words.length === 0) return [pause(0)];
  return [
    pause(noPauseAtEdge),
    ...words.flatMap((word, index): Segment[] => [
      ...(index === 0 ? [] : [pause(noPauseBetween)]),
      { alternatives: word === undefined ? [[fillerUnit]] : lexicon[word]!, skip: 0 },
    ]),
    pause(noPauseAtEdge),
  ];
}
