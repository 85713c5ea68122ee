import { element } from '../dom.ts';
import { percent, text, textOr } from '../language.ts';
import type { ComparisonAnswer, Reading } from '../service.ts';
import { scrolling } from '../tables.ts';
import { errorRates, nBestLists, scoreBreakdown, stageBars } from './details.ts';
import { decoderNotes, differencesList, type LookAt } from './differences.ts';
import { type PlaySpan, textsTable } from './texts-table.ts';

/** The decoders that had something to read. */
export function readingsOf(answer: ComparisonAnswer): Reading[] {
  return answer.decoders.filter((reading): reading is Reading => !('error' in reading));
}

/** Shows a comparison in place of what was there. */
export function showComparison(
  place: HTMLElement,
  answer: ComparisonAnswer,
  { play, lookAt }: { readonly play: PlaySpan; readonly lookAt: LookAt },
): void {
  const readings = readingsOf(answer);
  const rates = errorRates(readings);
  const unread = answer.decoders.flatMap((reading) =>
    'error' in reading
      ? [
          element(
            'p',
            { class: 'problem' },
            `${textOr(reading.decoder, reading.decoder)}: ${reading.error.message} (${reading.error.code})`,
          ),
        ]
      : [],
  );
  place.replaceChildren(
    scrolling(textsTable(readings, play), text('textsCaption')),
    element('p', { class: 'note' }, verdict(answer)),
    differencesList(readings, lookAt),
    ...unread,
    ...(rates === undefined ? [] : [rates]),
    element(
      'details',
      { open: true },
      element('summary', {}, text('decoders')),
      decoderNotes(readings),
    ),
    element(
      'details',
      { open: true },
      element('summary', {}, text('stages')),
      stageBars(answer, readings),
    ),
    element('details', { open: true }, element('summary', {}, text('nBest')), nBestLists(readings)),
    element(
      'details',
      { open: true },
      element('summary', {}, text('scores')),
      element('p', { class: 'note' }, text('scoresNote')),
      scoreBreakdown(readings),
    ),
  );
}

function verdict({ agreement }: ComparisonAnswer): string {
  if (agreement === null) return text('noAgreement');
  return agreement === 1 ? text('allAgree') : text('someDiffer', { agreement: percent(agreement) });
}
