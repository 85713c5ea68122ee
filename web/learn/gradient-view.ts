import { element } from '../dom.ts';
import { text } from '../language.ts';
import { figureTable, slider } from './sliders.ts';
import { stateGradients } from './state-gradients.ts';

const settings = { gain: 1, frames: 40, forgetBias: 1 };
const ranges = {
  gain: { min: 0.1, max: 3, step: 0.1 },
  frames: { min: 5, max: 100, step: 1 },
  forgetBias: { min: -4, max: 8, step: 0.5 },
} as const;
const picture = { width: 600, height: 260, left: 80, bottom: 34, top: 10 } as const;
/** Powers of ten shown. */
const decades = { least: -10, most: 4 } as const;
const cells = ['rnn', 'lstm'] as const;

/** Why gradients vanish: the recurrent weights and the length to slide, an RNN beside an LSTM. */
export function gradientView(place: HTMLElement): void {
  const outcome = element('div', { 'aria-live': 'polite' });
  const show = () => outcome.replaceChildren(...outcomeOf());
  place.replaceChildren(
    element(
      'div',
      { class: 'sliders' },
      ...(['gain', 'frames', 'forgetBias'] as const).map((name) =>
        slider(text(`learn_${name}`), ranges[name], settings[name], (value) => {
          settings[name] = value;
          show();
        }),
      ),
    ),
    outcome,
  );
  show();
}

function outcomeOf(): Node[] {
  const { gain, frames, forgetBias } = settings;
  const curves = cells.map((cell) => stateGradients(cell, gain, frames, forgetBias));
  const steps = [1, 5, 10, 20, 50, 99].filter((step) => step < frames);
  const power = (value: number | undefined) => value!.toExponential(1).replace('-', '−');
  return [
    plot(curves),
    element(
      'ul',
      { class: 'legend' },
      ...cells.map((cell) =>
        element(
          'li',
          {},
          element('span', { class: `swatch swatch-${cell}`, 'aria-hidden': 'true' }),
          cell.toUpperCase(),
        ),
      ),
    ),
    figureTable(
      text('learnShares'),
      [text('learnNetwork'), ...steps.map((step) => text('learnStepsBack', { number: step }))],
      cells.map((cell, index) => [
        cell.toUpperCase(),
        ...steps.map((step) => power(curves[index]![step])),
      ]),
    ),
  ];
}

function vector(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** A curve for each cell over steps back, on a logarithmic axis. The table below it has the figures. */
function plot(curves: readonly (readonly number[])[]): SVGElement {
  const { width, height, left, bottom, top } = picture;
  const xOf = (step: number) => left + ((width - left - 8) * step) / (settings.frames - 1);
  const yOf = (decade: number) => {
    const within = Math.min(decades.most, Math.max(decades.least, decade));
    const share = (decades.most - within) / (decades.most - decades.least);
    return top + share * (height - bottom - top);
  };
  const label = (content: string, x: number, y: number, anchor: string) => {
    const made = vector('text', { x, y, 'text-anchor': anchor, class: 'axis' });
    made.textContent = content;
    return made;
  };
  const svg = vector('svg', { viewBox: `0 0 ${width} ${height}`, class: 'plot', role: 'img' });
  svg.setAttribute('aria-label', text('learnShares'));
  for (let decade = decades.least; decade <= decades.most; decade += 2) {
    const y = yOf(decade);
    svg.append(
      vector('line', { x1: left, x2: width - 8, y1: y, y2: y, class: 'rule' }),
      label(`1e${decade}`.replace('-', '−'), left - 6, y + 4, 'end'),
    );
  }
  svg.append(
    label('0', left, height - 10, 'middle'),
    label(text('learnStepsAxis'), (left + width) / 2, height - 10, 'middle'),
    label(String(settings.frames - 1), width - 12, height - 10, 'end'),
  );
  curves.forEach((curve, index) => {
    const points = curve.map((value, step) => `${xOf(step)},${yOf(Math.log10(value))}`);
    svg.append(vector('polyline', { points: points.join(' '), class: `curve-${cells[index]}` }));
  });
  return svg;
}
