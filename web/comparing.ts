import { type ComparisonAnswer, type Fields, postRecording } from './service.ts';

/** A recording that was compared, with the request that was sent. */
export type Compared = {
  readonly answer: ComparisonAnswer;
  /** The answer as it came. */
  readonly json: string;
  readonly fields: Fields;
};

/** Hypotheses wanted of each decoder. */
const hypothesesShown = 5;

/** Has every decoder read a recording. Throws as `postRecording` does. */
export async function compareRecording(
  file: File,
  reference: string,
  signal: AbortSignal,
): Promise<Compared> {
  const fields: Fields = [
    ['n_best', String(hypothesesShown)],
    ...(reference === '' ? [] : [['reference', reference] as const]),
  ];
  const read = (response: Response) => response.text();
  const json = await postRecording('comparisons', file, fields, signal, read);
  return { answer: JSON.parse(json) as ComparisonAnswer, json, fields };
}
