import { element } from '../dom.ts';
import { text } from '../language.ts';
import { greedyReading, labels, lossOf, probabilitiesOf, readingsOf } from './ctc-paths.ts';
import { type FigureRow, figureTable, shaded, slider } from './sliders.ts';

/** frames × labels, in percent: the likeliest path is all blank, yet "a" is likelier than silence. */
const grid = [
  [55, 40, 5],
  [60, 35, 5],
  [55, 5, 40],
  [70, 5, 25],
];
const weightRange = { min: 1, max: 100, step: 1 };
const longestTarget = 4;
const shownReadings = 8;
const shownPaths = 6;

/** How CTC collapses paths: a grid of probabilities to change, and what follows from it. */
export function ctcView(place: HTMLElement): void {
  let target = 'ab';
  const outcome = element('div', { 'aria-live': 'polite' });
  const show = () => outcome.replaceChildren(...outcomeOf(target));
  const controls = grid.map((weights, t) =>
    element(
      'fieldset',
      { class: 'frame' },
      element('legend', {}, text('learnFrame', { number: t + 1 })),
      ...labels.map((label, k) =>
        slider(label === '–' ? text('learnBlank') : label, weightRange, weights[k]!, (value) => {
          weights[k] = value;
          show();
        }),
      ),
    ),
  );
  const input = element('input', {
    type: 'text',
    id: 'target',
    value: target,
    maxlength: longestTarget,
    pattern: '[ab]*',
    autocomplete: 'off',
  });
  input.addEventListener('input', () => {
    if (!input.checkValidity()) return;
    target = input.value;
    show();
  });
  place.replaceChildren(
    element('div', { class: 'frames' }, ...controls),
    element('p', { class: 'row' }, element('label', { for: 'target' }, text('learnTarget')), input),
    outcome,
  );
  show();
}

function outcomeOf(target: string): Node[] {
  const probs = probabilitiesOf(grid);
  const greedy = greedyReading(probs);
  const readings = readingsOf(probs);
  const { loss, gradient } = lossOf(probs, target);
  const shown = (reading: string) => (reading === '' ? text('learnEmpty') : `“${reading}”`);
  const best = readings[0]!;
  const sentence = text(greedy.text === best.text ? 'learnGreedyRight' : 'learnGreedyWrong', {
    greedy: shown(greedy.text),
    path: greedy.probability.toFixed(3),
    best: shown(best.text),
    sum: best.probability.toFixed(3),
  });
  const listed = readings
    .filter((reading, index) => index < shownReadings || reading.text === target)
    .map(({ text: reading, probability, paths }): FigureRow => {
      const more = paths.length > shownPaths ? ` … (${paths.length})` : '';
      const list = paths.slice(0, shownPaths).join('  ') + more;
      const mark = reading === target ? ' ◂' : '';
      return [shown(reading) + mark, shaded(probability), element('code', {}, list)];
    });
  const rows = labels.map((label, k): FigureRow => {
    const slopes = grid.map((_, t) => gradient[t * labels.length + k]!);
    return [label, ...slopes.map((slope) => slope.toFixed(3).replace('-', '−'))];
  });
  return [
    element('p', {}, sentence),
    figureTable(
      text('learnReadings'),
      [text('learnText'), text('learnProbability'), text('learnPaths')],
      listed,
    ),
    element(
      'p',
      { id: 'ctc-loss' },
      Number.isFinite(loss)
        ? text('learnLoss', { target: shown(target), loss: loss.toFixed(3) })
        : text('learnImpossible', { target: shown(target) }),
    ),
    figureTable(
      text('learnGradient'),
      [text('learnLabel'), ...grid.map((_, t) => text('learnFrame', { number: t + 1 }))],
      rows,
    ),
  ];
}
