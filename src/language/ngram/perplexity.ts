import type { NgramModel } from './ngram-model.ts';
import { NgramScorer } from './ngram-scorer.ts';

/** What a model says of some sentences. */
export type TextScore = {
  readonly sentences: number;
  readonly words: number;
  /** Words that the model does not know. */
  readonly unknown: number;
  /** Words, and ends of sentences, that the model knows and holds for impossible. */
  readonly impossible: number;
  /** ln p of the words that it knows and holds for possible */
  readonly logProbOfWords: number;
  /** ln p of the unknown words; 0 for a model without `<unk>` */
  readonly logProbOfUnknown: number;
  /** ln p of the ends of sentences */
  readonly logProbOfEnds: number;
};

/** exp(−ln p / how many): of how many equally likely words each was one, on average; null for none. */
export type Perplexities = {
  /** Of known words and `</s>`. */
  readonly withEnds: number | null;
  /** Of known words. */
  readonly withoutEnds: number | null;
  /** Of all words, unknown ones as `<unk>`, and `</s>`; null too for a model without `<unk>`. */
  readonly withUnknown: number | null;
};

/** Adds up what a model says of sentences. */
export class TextScorer {
  private readonly scorer: NgramScorer;
  private readonly knowsUnknown: boolean;
  private readonly numbers: ReadonlyMap<string, number>;
  private score = emptyScore;

  constructor(model: NgramModel) {
    const { words, unknown } = model.vocabulary;
    this.scorer = new NgramScorer(model);
    this.knowsUnknown = unknown >= 0;
    this.numbers = new Map(words.map((word, number) => [word, number]));
  }

  add(words: readonly string[]): void {
    const { scorer } = this;
    let { unknown, impossible, logProbOfWords, logProbOfUnknown, logProbOfEnds } = this.score;
    let state = scorer.start;
    for (const word of words) {
      const number = this.numbers.get(word) ?? -1;
      // After a word that may not follow, and one that cannot even be asked for, nothing is known.
      state = Math.max(0, scorer.next(state, number));
      if (number < 0) {
        unknown++;
        if (this.knowsUnknown) logProbOfUnknown += scorer.logWeight;
      } else if (scorer.logWeight === -Infinity) impossible++;
      else logProbOfWords += scorer.logWeight;
    }
    scorer.end(state);
    if (scorer.logWeight === -Infinity) impossible++;
    else logProbOfEnds += scorer.logWeight;
    this.score = {
      sentences: this.score.sentences + 1,
      words: this.score.words + words.length,
      unknown,
      impossible,
      logProbOfWords,
      logProbOfUnknown,
      logProbOfEnds,
    };
  }

  /** The sum so far, and begins a new one. */
  take(): TextScore {
    const { score } = this;
    this.score = emptyScore;
    return score;
  }
}

const emptyScore: TextScore = {
  sentences: 0,
  words: 0,
  unknown: 0,
  impossible: 0,
  logProbOfWords: 0,
  logProbOfUnknown: 0,
  logProbOfEnds: 0,
};

export function sumScores(scores: readonly TextScore[]): TextScore {
  return scores.reduce(
    (sum, score) => ({
      sentences: sum.sentences + score.sentences,
      words: sum.words + score.words,
      unknown: sum.unknown + score.unknown,
      impossible: sum.impossible + score.impossible,
      logProbOfWords: sum.logProbOfWords + score.logProbOfWords,
      logProbOfUnknown: sum.logProbOfUnknown + score.logProbOfUnknown,
      logProbOfEnds: sum.logProbOfEnds + score.logProbOfEnds,
    }),
    emptyScore,
  );
}

/** Infinite (in JSON: null) where something impossible was said. */
export function perplexitiesOf(score: TextScore, hasUnknown: boolean): Perplexities {
  const { sentences, words, unknown, impossible } = score;
  const { logProbOfWords, logProbOfUnknown, logProbOfEnds } = score;
  const of = (logProb: number, count: number) => {
    if (count === 0) return null;
    return impossible > 0 ? Infinity : Math.exp(-logProb / count);
  };
  const known = words - unknown;
  const all = logProbOfWords + logProbOfUnknown + logProbOfEnds;
  return {
    withEnds: of(logProbOfWords + logProbOfEnds, known + sentences),
    withoutEnds: of(logProbOfWords, known),
    withUnknown: hasUnknown ? of(all, words + sentences) : null,
  };
}
