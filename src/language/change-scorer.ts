import { type GainBounds, type LabelScorer, scorePart, scorePartCount } from './scorers.ts';

export type ChangeScoring = {
  readonly filler: number;
  /** The label that parts words, where one does. */
  readonly space: number | undefined;
  /** ln weight of a change, at most 0. */
  readonly changeScore: number;
};

/** What was said last, spaces aside. */
const nothing = 0;
const word = 1;
const other = 2;
const kinds = 3;

/**
 * Running speech keeps to the words of the model or to others, and what is said alone is free to be either:
 * each change between words and the filler is worth `changeScore`, which counts in `words`; how the sequence
 * begins and ends costs nothing.
 *
 * Another scorer may lie beneath, which does not hear of the filler; its parts are added and what it refuses is
 * refused. A state is three times its state and what was said last.
 */
export class ChangeScorer implements LabelScorer {
  readonly hearsFiller = true;
  readonly start: number;
  readonly parts = new Float64Array(scorePartCount);
  private readonly scoring: ChangeScoring;
  private readonly beneath: LabelScorer | undefined;

  /** Throws `RangeError` on a score above 0. */
  constructor(scoring: ChangeScoring, beneath?: LabelScorer) {
    if (!(scoring.changeScore <= 0)) {
      throw new RangeError(
        `[ChangeScorer] expected a changeScore of at most 0, got ${scoring.changeScore}`,
      );
    }
    this.scoring = scoring;
    this.beneath = beneath;
    this.start = kinds * (beneath?.start ?? 0) + nothing;
  }

  next(state: number, label: number): number {
    const { parts, scoring, beneath } = this;
    const before = state % kinds;
    let below = (state - before) / kinds;
    parts.fill(0);
    if (label !== scoring.filler && beneath !== undefined) {
      below = beneath.next(below, label);
      if (below < 0) return -1;
      parts.set(beneath.parts);
    }
    if (label === scoring.space) return kinds * below + before;
    const kind = label === scoring.filler ? other : word;
    parts[scorePart.words]! += this.changeTo(kind, before);
    return kinds * below + kind;
  }

  end(state: number): void {
    this.parts.fill(0);
    if (this.beneath === undefined) return;
    this.beneath.end(Math.floor(state / kinds));
    this.parts.set(this.beneath.parts);
  }

  gainBounds(state: number): GainBounds {
    const { beneath, scoring } = this;
    const before = state % kinds;
    const toOther = this.changeTo(other, before);
    const toWord = scoring.space === undefined ? this.changeTo(word, before) : 0;
    if (beneath === undefined) {
      const most = Math.max(toOther, toWord);
      return { most, usual: most, favoured: [] };
    }
    const bounds = beneath.gainBounds?.((state - before) / kinds);
    if (bounds === undefined) return { most: Infinity, usual: Infinity, favoured: [] };
    return {
      most: Math.max(bounds.most + toWord, toOther),
      usual: Math.max(bounds.usual + toWord, toOther),
      favoured: bounds.favoured,
    };
  }

  private changeTo(kind: number, before: number): number {
    return before === nothing || before === kind ? 0 : this.scoring.changeScore;
  }
}
