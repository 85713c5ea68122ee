import type { Posteriors } from './forward-backward.ts';
import { type MarkovChain, sumTolerance } from './markov-chain.ts';

/** Counts how sequences went through a chain, and estimates its probabilities anew from that. */
export class ChainStatistics {
  private readonly chain: MarkovChain;
  /** states; sequences that began there, arcs; transitions, states; sequences that ended there */
  private readonly initial: Float64Array;
  private readonly arcs: Float64Array;
  private readonly final: Float64Array;

  constructor(chain: MarkovChain) {
    this.chain = chain;
    this.initial = new Float64Array(chain.states);
    this.arcs = new Float64Array(chain.arcTarget.length);
    this.final = new Float64Array(chain.states);
  }

  /** Counts a sequence that is possible. */
  add({ states: posteriors, arcs }: Posteriors): void {
    const { states } = this.chain;
    const last = posteriors.length - states;
    for (let s = 0; s < states; s++) {
      this.initial[s]! += posteriors[s]!;
      this.final[s]! += posteriors[last + s]!;
    }
    for (let arc = 0; arc < arcs.length; arc++) this.arcs[arc]! += arcs[arc]!;
  }

  /**
   * The chain under which the counts are most likely (Rabiner 1989, eqs. 40a–40b). Where arcs and final
   * probability of a state sum to one together, both are estimated; where the arcs do so alone, ending is
   * a condition on sequences, not a chance, and stays what it is. A state never left stays as it is.
   */
  estimate(): MarkovChain {
    const { chain, initial, arcs, final } = this;
    const begun = sum(initial);
    const logInitial =
      begun > 0 ? initial.map((count) => Math.log(count / begun)) : chain.logInitial;
    const arcLogProb = chain.arcLogProb.slice();
    const logFinal = chain.logFinal.slice();
    for (let s = 0; s < chain.states; s++) {
      const from = chain.arcStart[s]!;
      const end = chain.arcStart[s + 1]!;
      const arcsTotal = sum(chain.arcLogProb.subarray(from, end).map(Math.exp));
      const endsByChance = Math.abs(arcsTotal + Math.exp(logFinal[s]!) - 1) <= sumTolerance;
      const left = sum(arcs.subarray(from, end)) + (endsByChance ? final[s]! : 0);
      if (!(left > 0)) continue;
      for (let arc = from; arc < end; arc++) arcLogProb[arc] = Math.log(arcs[arc]! / left);
      if (endsByChance) logFinal[s] = Math.log(final[s]! / left);
    }
    return { ...chain, logInitial, logFinal, arcLogProb };
  }
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
