import type { EmissionScores } from '../emission-scores.ts';
import type { EmissionLearner, EmissionModel } from './emission-model.ts';

/** Symbols one a frame, each a number from 0 on. */
export type SymbolSequence = Int32Array;

/** States that emit symbols of a finite alphabet (Rabiner 1989, section II.B). */
export class CategoricalEmissions
  implements EmissionModel<SymbolSequence, EmissionScores, CategoricalEmissions>
{
  readonly states: number;
  readonly symbols: number;
  /** states × symbols; `[s * symbols + k]`: ln p(symbol k | state s) */
  readonly logProbs: Float64Array;

  /** Throws `RangeError` unless there are states × symbols log-probabilities. */
  constructor(states: number, symbols: number, logProbs: Float64Array) {
    if (logProbs.length !== states * symbols) {
      fail(`${states} × ${symbols} = ${states * symbols} logProbs, got ${logProbs.length}`);
    }
    this.states = states;
    this.symbols = symbols;
    this.logProbs = logProbs;
  }

  /** Throws `RangeError` when there is no such symbol. */
  score(sequence: SymbolSequence): EmissionScores {
    const { states, symbols, logProbs } = this;
    const scores = new Float64Array(sequence.length * states);
    for (const [t, symbol] of sequence.entries()) {
      if (!(symbol >= 0 && symbol < symbols)) fail(`symbols in [0, ${symbols}), got ${symbol}`);
      for (let s = 0; s < states; s++) scores[t * states + s] = logProbs[s * symbols + symbol]!;
    }
    return { frames: sequence.length, units: states, logProbs: scores };
  }

  learner(): EmissionLearner<SymbolSequence, EmissionScores, CategoricalEmissions> {
    return new CategoricalLearner(this);
  }
}

/** Counts symbols (Rabiner, eq. 40c). A state that emitted nothing stays as it is. */
class CategoricalLearner
  implements EmissionLearner<SymbolSequence, EmissionScores, CategoricalEmissions>
{
  private readonly emissions: CategoricalEmissions;
  /** states × symbols; `[s * symbols + k]` */
  private readonly counts: Float64Array;

  constructor(emissions: CategoricalEmissions) {
    this.emissions = emissions;
    this.counts = new Float64Array(emissions.logProbs.length);
  }

  learn(sequence: SymbolSequence, _scores: EmissionScores, posteriors: Float64Array): void {
    const { states, symbols } = this.emissions;
    for (const [t, symbol] of sequence.entries()) {
      for (let s = 0; s < states; s++) {
        this.counts[s * symbols + symbol]! += posteriors[t * states + s]!;
      }
    }
  }

  finish(): CategoricalEmissions {
    const { counts } = this;
    const { states, symbols } = this.emissions;
    const logProbs = this.emissions.logProbs.slice();
    for (let s = 0; s < states; s++) {
      const row = counts.subarray(s * symbols, (s + 1) * symbols);
      const total = row.reduce((sum, count) => sum + count, 0);
      if (total > 0)
        logProbs.set(
          row.map((count) => Math.log(count / total)),
          s * symbols,
        );
    }
    return new CategoricalEmissions(states, symbols, logProbs);
  }
}

function fail(expectation: string): never {
  throw new RangeError(`[CategoricalEmissions] expected ${expectation}`);
}
