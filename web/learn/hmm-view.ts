import { forward } from '../../src/hmm/forward.ts';
import { forwardBackward } from '../../src/hmm/forward-backward.ts';
import { chainFromMatrix } from '../../src/hmm/markov-chain.ts';
import { viterbi } from '../../src/hmm/viterbi.ts';
import { element } from '../dom.ts';
import { text } from '../language.ts';
import { figureTable, shaded, slider } from './sliders.ts';

/** Percent. The umbrella world of Russell & Norvig, "Artificial Intelligence", section on temporal models. */
const chances = { rainStays: 70, sunStays: 70, umbrellaInRain: 90, umbrellaInSun: 20 };
const umbrellas = [true, true, false, true, true];
const range = { min: 1, max: 99, step: 1 };

/** Viterbi, forward and forward-backward on two states: days of rain and sun that only umbrellas tell of. */
export function hmmView(place: HTMLElement): void {
  const outcome = element('div', { 'aria-live': 'polite' });
  const show = () => outcome.replaceChildren(...outcomeOf());
  const sliders = (Object.keys(chances) as (keyof typeof chances)[]).map((name) =>
    slider(text(`learn_${name}`), range, chances[name], (value) => {
      chances[name] = value;
      show();
    }),
  );
  const days = umbrellas.map((carried, day) => {
    const box = element('input', { type: 'checkbox', checked: carried });
    box.addEventListener('change', () => {
      umbrellas[day] = box.checked;
      show();
    });
    return element('label', { class: 'day' }, box, text('learnDay', { number: day + 1 }));
  });
  place.replaceChildren(
    element('div', { class: 'sliders' }, ...sliders),
    element('fieldset', { class: 'row' }, element('legend', {}, text('learnUmbrellas')), ...days),
    outcome,
  );
  show();
}

function outcomeOf(): Node[] {
  const share = (name: keyof typeof chances) => chances[name] / 100;
  const chain = chainFromMatrix(
    [0.5, 0.5],
    [
      [share('rainStays'), 1 - share('rainStays')],
      [1 - share('sunStays'), share('sunStays')],
    ],
  );
  const logProbs = Float64Array.from(
    umbrellas.flatMap((carried) =>
      [share('umbrellaInRain'), share('umbrellaInSun')].map((p) => Math.log(carried ? p : 1 - p)),
    ),
  );
  const scores = { frames: umbrellas.length, units: chain.states, logProbs };
  const best = viterbi(chain, scores);
  const { alphas, logLikelihood } = forward(chain, scores);
  const { states: posteriors } = forwardBackward(chain, scores);
  const rainSoFar = umbrellas.map(
    (_, t) => 1 / (1 + Math.exp(alphas[2 * t + 1]! - alphas[2 * t]!)),
  );
  const state = (index: number) => text(index === 0 ? 'learnRain' : 'learnSun');
  return [
    figureTable(
      text('learnDays'),
      ['', ...umbrellas.map((_, day) => text('learnDay', { number: day + 1 }))],
      [
        [text('learnViterbi'), ...Array.from(best.states, state)],
        [text('learnForward'), ...rainSoFar.map((share) => shaded(share))],
        [text('learnSmoothed'), ...umbrellas.map((_, t) => shaded(posteriors[2 * t]!))],
      ],
    ),
    element(
      'p',
      { id: 'hmm-likelihood' },
      text('learnLikelihood', {
        all: logLikelihood.toFixed(4).replace('-', '−'),
        best: best.logProb.toFixed(4).replace('-', '−'),
        share: (100 * Math.exp(best.logProb - logLikelihood)).toFixed(1),
      }),
    ),
  ];
}
