import { compileFiniteGrammar, type FiniteGrammar } from '../language/finite-grammar.ts';
import { buildDecodingNetwork, type DecodingNetwork } from './decoding-network.ts';
import type { Sounds } from './sounds.ts';
import { TokenPassing } from './token-passing.ts';

/** A decoding network and the memory to search it with. */
export type NetworkSearch = {
  readonly network: DecodingNetwork;
  readonly tokenPassing: TokenPassing;
};

/** States of all networks that are kept together; a state takes some 80 bytes. */
const defaultMostStates = 500_000;

/**
 * The networks of the grammars that were used last, so that a grammar which comes again costs nothing; those
 * that were not used for longest go first. What is kept is a matter of speed alone: a network depends on its
 * grammar and the sounds.
 */
export class GrammarSearches {
  private readonly sounds: Sounds;
  private readonly mostStates: number;
  private readonly kept = new Map<string, NetworkSearch>(); // the one used last at the end
  private keptStates = 0;

  constructor(sounds: Sounds, mostStates = defaultMostStates) {
    this.sounds = sounds;
    this.mostStates = mostStates;
  }

  /**
   * Throws `RangeError` where the grammar has a word that is not in the lexicon, or makes too large a graph
   * or network.
   */
  searchOf(grammar: FiniteGrammar): NetworkSearch {
    const key = JSON.stringify(grammar);
    const known = this.kept.get(key);
    if (known !== undefined) {
      this.kept.delete(key);
      this.kept.set(key, known);
      return known;
    }
    const network = buildDecodingNetwork(compileFiniteGrammar(grammar), this.sounds);
    const search = { network, tokenPassing: new TokenPassing(network) };
    this.keep(key, search);
    return search;
  }

  private keep(key: string, search: NetworkSearch): void {
    const { states } = search.network;
    if (states > this.mostStates) return;
    this.kept.set(key, search);
    this.keptStates += states;
    for (const [oldest, { network }] of this.kept) {
      if (this.keptStates <= this.mostStates) break;
      this.kept.delete(oldest);
      this.keptStates -= network.states;
    }
  }
}
