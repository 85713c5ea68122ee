import { element, spoken } from '../dom.ts';
import { percent, text } from '../language.ts';
import { captioned } from '../tables.ts';
import type { Outlook } from './directed-network.ts';
import {
  frames,
  insideOf,
  isRight,
  judgedSequences,
  type NetworkName,
  type Trained,
  trainNetwork,
} from './pause-task.ts';
import { figureTable, shaded } from './sliders.ts';

const names = ['forward', 'backward', 'both'] as const satisfies readonly NetworkName[];
type Networks = Readonly<Record<NetworkName, Trained>>;
type Outlooks = Readonly<Record<NetworkName, Outlook>>;

/** A pause, and then the end: to whoever has heard no more than that, the two are alike. */
const sounds = Float64Array.of(0, 1, 1, 0, 0, 1, 1, 0, 0, 0);

let learning: Promise<Networks> | undefined;

/** Trains them one after another, so that the page stays lively in between. */
async function learn(): Promise<Networks> {
  const trained: Partial<Record<NetworkName, Trained>> = {};
  for (const name of names) {
    await new Promise((resolve) => setTimeout(resolve));
    trained[name] = trainNetwork(name);
  }
  return trained as Networks;
}

/** Forward and backward: what three networks make of sounds and silences to change. */
export function directionsView(place: HTMLElement): void {
  place.replaceChildren(element('p', { class: 'note' }, text('learnLearning')));
  learning ??= learn();
  void learning.then((networks) => show(place, networks));
}

function show(place: HTMLElement, networks: Networks): void {
  const moved = element('p', { role: 'status' }, text('learnNothingMoved'));
  const outcome = element('tbody');
  let outlooks = read(networks);
  outcome.replaceChildren(...rowsOf(outlooks, undefined));
  const boxes = Array.from(sounds, (sound, t) => {
    const box = element('input', {
      type: 'checkbox',
      checked: sound === 1,
      'aria-label': text('learnSoundIn', { number: t + 1 }),
    });
    box.addEventListener('change', () => {
      sounds[t] = box.checked ? 1 : 0;
      const before = outlooks;
      outlooks = read(networks);
      outcome.replaceChildren(...rowsOf(outlooks, before));
      moved.textContent = movedIn(t, before, outlooks);
    });
    return element('td', {}, element('label', { class: 'sound' }, box));
  });
  const heads = boxes.map((_, t) =>
    element('th', { scope: 'col' }, spoken(text('learnFrame', { number: t + 1 })), String(t + 1)),
  );
  const frameHead = element('th', { scope: 'col' }, text('learnFrames'));
  const soundHead = element('th', { scope: 'row' }, text('learnSound'));
  const table = element(
    'table',
    { class: 'directions' },
    element('thead', {}, element('tr', {}, frameHead, ...heads)),
    element('tbody', {}, element('tr', {}, soundHead, ...boxes)),
    outcome,
  );
  place.replaceChildren(
    captioned(table, text('learnDirections')),
    moved,
    figureTable(
      text('learnJudged', { number: judgedSequences }),
      [text('learnNetwork'), text('learnRight')],
      names.map((name) => [text(`learn_${name}`), percent(networks[name].rightShare)]),
    ),
  );
}

function read(networks: Networks): Outlooks {
  const outlookOf = (name: NetworkName) => networks[name].network.read(sounds);
  return {
    forward: outlookOf('forward'),
    backward: outlookOf('backward'),
    both: outlookOf('both'),
  };
}

/** What is right, the outputs of each network, and what each direction of the joined one knows. */
function rowsOf(now: Outlooks, before: Outlooks | undefined): HTMLElement[] {
  const inside = insideOf(sounds);
  const row = (head: string, cells: (t: number) => HTMLElement) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, head),
      ...Array.from({ length: frames }, (_, t) => cells(t)),
    );
  const truth = (t: number) => {
    if (inside[t] === 0) return 'learnOutside';
    return sounds[t] === 1 ? 'learnInside' : 'learnPause';
  };
  return [
    row(text('learnTruth'), (t) => element('td', {}, text(truth(t)))),
    ...names.map((name) =>
      row(text(`learn_${name}`), (t) => {
        const probability = now[name].probabilities[t]!;
        const isMoved = before !== undefined && before[name].probabilities[t] !== probability;
        const figure = shaded(probability, 2);
        const right = isRight(probability, inside[t]!);
        return element('td', { class: isMoved ? 'moved' : '' }, figure, right ? '' : wrongMark());
      }),
    ),
    ...(['learnForwardState', 'learnBackwardState'] as const).map((head, direction) =>
      row(text(head), (t) => {
        const state = now.both.states[direction]![t]![0]!;
        const isMoved = before !== undefined && before.both.states[direction]![t]![0] !== state;
        return element('td', { class: isMoved ? 'moved' : '' }, signed(state));
      }),
    ),
  ];
}

function wrongMark(): HTMLElement {
  const mark = element('span', { 'aria-hidden': 'true' }, '✗');
  return element('span', { class: 'mark' }, mark, spoken(text('learnWrong')));
}

function signed(value: number): string {
  return value.toFixed(2).replace('-', '−');
}

/** Which outputs a change has moved at all, however little. */
function movedIn(changed: number, before: Outlooks, now: Outlooks): string {
  const spanOf = (name: NetworkName) => {
    const moved = now[name].probabilities
      .map((probability, t) => (probability === before[name].probabilities[t] ? 0 : t + 1))
      .filter((frame) => frame > 0);
    return moved.length === 0 ? '–' : `${moved[0]}–${moved.at(-1)}`;
  };
  return text('learnMoved', {
    number: changed + 1,
    forward: spanOf('forward'),
    backward: spanOf('backward'),
    both: spanOf('both'),
  });
}
