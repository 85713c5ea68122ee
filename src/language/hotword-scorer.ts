import type { HotwordAutomaton } from './hotword-automaton.ts';
import { PairTable } from './pair-table.ts';
import { type GainBounds, type LabelScorer, scorePart, scorePartCount } from './scorers.ts';

const { language, words, hotwords } = scorePart;

/**
 * Phrases that are likelier than the model knows: `hotwords` is, for a whole sequence of labels, the sum of
 * their weights, each as often as its words stand in the text one after the other. Phrases may overlap, lie
 * inside one another and be listed twice; every one of them counts wherever it stands ("a a" twice in "a a
 * a").
 *
 * As a phrase comes along, the share of its weight that it has of its labels is given in advance, so that a
 * search does not lose it before its end, and taken back where it goes on in another way. Of several in
 * progress the one worth most so far counts; those with negative weights are not held against a sequence
 * before they are complete.
 *
 * Other scorers may lie beneath; their parts are added and what they refuse is refused. States are pairs of
 * states then, numbered as they come: make one for each recording.
 */
export class HotwordScorer implements LabelScorer {
  readonly start: number;
  readonly parts = new Float64Array(scorePartCount);
  private readonly automaton: HotwordAutomaton;
  private readonly beneath: LabelScorer | undefined;
  /** (node of the automaton, state beneath) of each state, where there is something beneath */
  private readonly states = new PairTable();

  constructor(automaton: HotwordAutomaton, beneath?: LabelScorer) {
    this.automaton = automaton;
    this.beneath = beneath;
    this.start =
      beneath === undefined ? automaton.start : this.states.add(automaton.start, beneath.start);
  }

  next(state: number, label: number): number {
    const { beneath, states, parts } = this;
    if (beneath === undefined) {
      parts[hotwords] = 0;
      return this.step(state, label);
    }
    const after = beneath.next(states.second[state]!, label);
    if (after < 0) return -1;
    this.takeParts(beneath);
    return states.add(this.step(states.first[state]!, label), after);
  }

  end(state: number): void {
    const { beneath, states, parts, automaton } = this;
    parts[hotwords] = 0;
    let node = state;
    if (beneath !== undefined) {
      node = states.first[state]!;
      beneath.end(states.second[state]!);
      this.takeParts(beneath);
    }
    if (automaton.space !== undefined) node = this.step(node, automaton.space);
    parts[hotwords]! -= automaton.credit[node]!;
  }

  gainBounds(state: number): GainBounds {
    const { beneath, states, automaton } = this;
    if (beneath === undefined) return automaton.gainBounds(state);
    const { most, usual, favoured } = automaton.gainBounds(states.first[state]!);
    const more = beneath.gainBounds?.(states.second[state]!).most ?? Infinity;
    return { most: most + more, usual: usual + more, favoured };
  }

  /** The node behind a label; adds what that is worth. */
  private step(node: number, label: number): number {
    const { automaton, parts } = this;
    if (label === automaton.filler) return node;
    if (label === automaton.space && automaton.isBetween(node)) return node;
    const after = automaton.step(node, label);
    const { completed, credit } = automaton;
    parts[hotwords]! += completed[after]! + credit[after]! - credit[node]!;
    return after;
  }

  private takeParts(beneath: LabelScorer): void {
    this.parts[language] = beneath.parts[language]!;
    this.parts[words] = beneath.parts[words]!;
    this.parts[hotwords] = beneath.parts[hotwords]!;
  }
}
