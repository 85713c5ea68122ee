import { element } from '../dom.ts';
import { milliseconds, percent, text, textOr } from '../language.ts';
import type { ComparisonAnswer, Reading } from '../service.ts';
import { captioned, scrolling } from '../tables.ts';

/** A table with a row a decoder. */
function decoderTable(
  heads: readonly string[],
  rows: readonly (readonly [decoder: string, ...cells: string[]])[],
): HTMLTableElement {
  return element(
    'table',
    {},
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'col' }, text('decoder')),
        ...heads.map((head) => element('th', { scope: 'col', class: 'figure' }, head)),
      ),
    ),
    element(
      'tbody',
      {},
      ...rows.map(([decoder, ...cells]) =>
        element(
          'tr',
          { 'data-decoder': decoder },
          element('th', { scope: 'row' }, textOr(decoder, decoder)),
          ...cells.map((cell) => element('td', { class: 'figure' }, cell)),
        ),
      ),
    ),
  );
}

/** WER and CER of each decoder with their edits; undefined where no reference was given. */
export function errorRates(readings: readonly Reading[]): HTMLElement | undefined {
  if (readings.every(({ error_rates }) => error_rates === undefined)) return undefined;
  const rate = (value: number | null | undefined) =>
    typeof value === 'number' ? percent(value) : '∞';
  const table = decoderTable(
    [text('wer'), text('cer'), text('substitutions'), text('deletions'), text('insertions')],
    readings.map(({ decoder, error_rates: rates }) => [
      decoder,
      rate(rates?.wer),
      rate(rates?.cer),
      ...([rates?.words.substitutions, rates?.words.deletions, rates?.words.insertions].map(
        String,
      ) as string[]),
    ]),
  );
  return captioned(table, text('errorRates'));
}

const scoreParts = ['acoustic', 'transitions', 'language', 'words', 'hotwords'] as const;

/** What each score is the sum of. */
export function scoreBreakdown(readings: readonly Reading[]): HTMLElement {
  const parts = scoreParts.filter((part) =>
    readings.some(({ score_parts }) => score_parts[part] !== undefined),
  );
  const figure = (value: number | null | undefined) => {
    if (value === undefined) return '–';
    return value === null ? '−∞' : value.toFixed(2).replace('-', '−');
  };
  const table = decoderTable(
    [text('score'), ...parts.map((part) => text(`score_${part}`))],
    readings.map(({ decoder, score, score_parts }) => [
      decoder,
      figure(score),
      ...parts.map((part) => figure(score_parts[part])),
    ]),
  );
  table.prepend(element('caption', { class: 'spoken' }, text('scores')));
  return scrolling(table, text('scores'));
}

/** The best readings of each decoder, best first. */
export function nBestLists(readings: readonly Reading[]): HTMLElement {
  return element(
    'div',
    { class: 'n-best' },
    ...readings.map((reading) =>
      element(
        'section',
        { 'data-decoder': reading.decoder },
        element('h4', {}, textOr(reading.decoder, reading.decoder)),
        element(
          'ol',
          {},
          ...(reading.hypotheses ?? [reading]).map((hypothesis) =>
            element(
              'li',
              {},
              element('span', { class: 'reading' }, hypothesis.text || text('heardNothing')),
              element('span', { class: 'figure' }, percent(hypothesis.confidence)),
            ),
          ),
        ),
      ),
    ),
  );
}

const stages = ['queue', 'audio', 'features', 'inference', 'search'] as const;
type Times = Partial<Record<`${(typeof stages)[number]}_ms`, number | undefined>>;

/** The time of each decoder as one bar, all to one scale; what they share stands in each. */
export function stageBars(answer: ComparisonAnswer, readings: readonly Reading[]): HTMLElement {
  const timesOf = ({ timings }: Reading): Times => ({ ...answer.timings, ...timings });
  const totalOf = (times: Times) =>
    stages.reduce((sum, stage) => sum + (times[`${stage}_ms`] ?? 0), 0);
  const longest = Math.max(1e-9, ...readings.map((reading) => totalOf(timesOf(reading))));
  const bars = readings.map((reading) => {
    const times = timesOf(reading);
    const bar = element('div', { class: 'bar', 'aria-hidden': 'true' });
    for (const stage of stages) {
      const segment = element('span', { class: `stage stage-${stage}` });
      segment.style.inlineSize = `${(100 * (times[`${stage}_ms`] ?? 0)) / longest}%`;
      bar.append(segment);
    }
    const figures = stages.map((stage) =>
      element(
        'li',
        {},
        element('span', { class: `swatch stage-${stage}`, 'aria-hidden': 'true' }),
        `${text(`stage_${stage}`)} ${milliseconds(times[`${stage}_ms`] ?? 0)}`,
      ),
    );
    return element(
      'section',
      { 'data-decoder': reading.decoder },
      element(
        'h4',
        {},
        `${textOr(reading.decoder, reading.decoder)} · ${milliseconds(totalOf(times))}`,
      ),
      bar,
      element('ul', { class: 'legend' }, ...figures),
    );
  });
  return element('div', { class: 'bars' }, ...bars);
}
