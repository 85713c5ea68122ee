import type { DecodeOptions, Decoder, DecoderName } from '../decoding/decoder.ts';
import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import type { Hypothesis } from '../decoding/hypothesis.ts';
import { compileFiniteGrammar } from '../language/finite-grammar.ts';
import { compileGrammar } from '../language/grammar.ts';
import { GrammarCache } from '../language/grammar-cache.ts';
import { defaultRequestGrammarLimits } from '../language/request-grammar.ts';
import type { WordGraph } from '../language/word-graph.ts';
import { pathOfArc } from './arc-path.ts';
import { buildDecodingNetwork, type DecodingNetwork, switchCost } from './decoding-network.ts';
import type { HmmDefinition } from './definition.ts';
import { labelOfArc } from './lattice-arcs.ts';
import { LatticePosteriors } from './lattice-posteriors.ts';
import { bestPathOf, type LatticePath, nBestPaths } from './n-best.ts';
import { soundsOf } from './sounds.ts';
import { TokenPassing } from './token-passing.ts';
import type { WordLattice } from './word-lattice.ts';

/** A decoding network and the memory to search it with. */
type NetworkSearch = { readonly network: DecodingNetwork; readonly tokenPassing: TokenPassing };

/** States of the networks of grammars that are kept together; a state takes some 80 bytes. */
const mostKeptStates = 500_000;

/**
 * The best paths through a grammar of hidden Markov models as a `Decoder`, of emissions that are
 * log-likelihoods of the states.
 *
 * - `score`: ln of the best path with the hypothesis's words, the sum of `acoustic` (emissions),
 *   `transitions` (inside and between units) and `words` (weights of the grammar, penalties). The first
 *   hypothesis is the best path of all; the scores of others are those of the word lattice, in which a
 *   sound that ends in a frame begins where the best path into that end has it begin.
 * - Times: the frames of a word's states.
 * - Confidence of a word: the posterior probability that the word is being said, by all of the lattice, at
 *   its surest frame (C_max of Wessel et al. 2001, scores scaled by the definition's `posteriorScale`).
 * - Confidence of the hypothesis: the posterior probability of its sequence of words, by the same lattice.
 *
 * Where the beam loses every way to an end of the grammar it is widened and in the end left out. Where
 * there is no such way (too few frames, none where the grammar wants words, or impossible ones), the one
 * hypothesis is empty, of confidence 0 and score −∞.
 *
 * A grammar among the options takes the place of the decoder's own. Hotwords and a beam's width are left out:
 * no labels are searched here.
 */
export class HmmDecoder implements Decoder {
  readonly name: DecoderName;
  private readonly ownSearch: NetworkSearch;
  private readonly grammarSearches: GrammarCache<NetworkSearch>;
  private readonly beam: number;
  private readonly posteriorScale: number;

  /**
   * @param options.graph by default that of the definition's grammar, or the free loop over its lexicon
   * @param options.name what it answers to; whose emissions it reads is nothing to it
   *
   * Throws `RangeError` where the graph has a word that is not in the lexicon, a cycle of silent arcs, or
   * makes too large a network.
   */
  constructor(
    definition: HmmDefinition,
    options: { readonly graph?: WordGraph; readonly name?: DecoderName } = {},
  ) {
    const { graph = graphOf(definition), name = 'hmm' } = options;
    this.name = name;
    const { beam, posteriorScale } = definition.decoding;
    const sounds = soundsOf(definition);
    const searchOf = (words: WordGraph): NetworkSearch => {
      const network = buildDecodingNetwork(words, sounds);
      return { network, tokenPassing: new TokenPassing(network) };
    };
    this.ownSearch = searchOf(graph);
    this.grammarSearches = new GrammarCache(
      (grammar) => searchOf(compileFiniteGrammar(grammar, defaultRequestGrammarLimits.graph)),
      ({ network }) => network.states,
      mostKeptStates,
    );
    this.beam = beam;
    this.posteriorScale = posteriorScale;
  }

  /**
   * Throws `RangeError` unless the emissions are frames × the model's columns, and on nBest below 1.
   *
   * @throws SoriError invalid_request for a grammar with words that are not in the lexicon, or of which the
   *   network would become too large
   */
  decode(emissions: EmissionMatrix, options: DecodeOptions): Hypothesis[] {
    const { nBest = 1, grammar, checkpoint = () => {} } = options;
    checkColumns('HmmDecoder', emissions, this.ownSearch.network.columns);
    if (!Number.isInteger(nBest) || nBest < 1) {
      throw new RangeError(`[HmmDecoder] expected nBest of at least 1, got ${nBest}`);
    }
    const { network, tokenPassing } =
      grammar === undefined ? this.ownSearch : this.grammarSearches.get(grammar);
    const lattice = tokenPassing.searchToEnd(emissions, this.beam, checkpoint);
    const best = bestPathOf(lattice);
    if (best === undefined) return [impossible];
    const paths = nBest === 1 ? [best] : nBestPaths(lattice, network, nBest, checkpoint);
    const posteriors = new LatticePosteriors(lattice, network, this.posteriorScale, checkpoint);
    const acousticOf = acousticScores(lattice, network, emissions);
    return paths.map((path) => {
      checkpoint();
      return hypothesisOf(path, { lattice, network, posteriors, acousticOf }, options);
    });
  }
}

/** What a search has found out of a recording. */
type Found = {
  readonly lattice: WordLattice;
  readonly network: DecodingNetwork;
  readonly posteriors: LatticePosteriors;
  /** Sum of the emissions along an arc. */
  readonly acousticOf: (arc: number) => number;
};

function hypothesisOf(
  path: LatticePath,
  { lattice, network, posteriors, acousticOf }: Found,
  { frameShiftSeconds, durationSeconds }: DecodeOptions,
): Hypothesis {
  const { recordFrame, arcFrom, arcTo, arcInstance } = lattice;
  const timeOf = (frame: number) => Math.min(frame * frameShiftSeconds, durationSeconds);
  const spoken = path.arcs
    .map((arc) => ({ arc, label: labelOfArc(lattice, network, arc) }))
    .filter(({ label }) => label >= 0);
  const words = spoken.map(({ arc, label }) => {
    const firstFrame = recordFrame[arcFrom[arc]!]!;
    const endFrame = recordFrame[arcTo[arc]!]!;
    return {
      word: network.labels[label]!,
      startSeconds: timeOf(firstFrame),
      endSeconds: timeOf(endFrame),
      confidence: posteriors.confidenceOf(label, firstFrame, endFrame),
    };
  });
  let acoustic = 0;
  let weights = path.logFinal;
  for (const arc of path.arcs) {
    const instance = arcInstance[arc]!;
    acoustic += acousticOf(arc);
    if (instance < 0) {
      weights += network.silentWeight[~instance]!;
      continue;
    }
    const frames = recordFrame[arcTo[arc]!]! - recordFrame[arcFrom[arc]!]!;
    const sound = network.instanceSound[instance]!;
    const kindBefore = network.nodeKind[lattice.recordNode[arcFrom[arc]!]!]!;
    weights +=
      network.instanceWeight[instance]! +
      switchCost(kindBefore, sound, network.switchPenalty) +
      frames * sound.framePenalty;
  }
  return {
    text: words.map(({ word }) => word).join(' '),
    words,
    confidence: posteriors.probabilityOf(spoken.map(({ label }) => label)),
    score: path.score,
    scoreParts: { acoustic, transitions: path.score - acoustic - weights, words: weights },
  };
}

const impossible: Hypothesis = {
  text: '',
  words: [],
  confidence: 0,
  score: -Infinity,
  scoreParts: { acoustic: -Infinity, transitions: 0, words: 0 },
};

function graphOf({ lexicon, decoding }: HmmDefinition): WordGraph {
  return compileGrammar(decoding.grammar ?? { kind: 'loop' }, Object.keys(lexicon));
}

/** Sums of the emissions along arcs, each found once, however many hypotheses share it. */
function acousticScores(
  lattice: WordLattice,
  network: DecodingNetwork,
  emissions: EmissionMatrix,
): (arc: number) => number {
  const known = new Map<number, number>();
  return (arc) => {
    if (lattice.arcInstance[arc]! < 0) return 0;
    const score = known.get(arc) ?? pathOfArc(lattice, network, emissions, arc).acoustic;
    known.set(arc, score);
    return score;
  };
}

/** Throws `RangeError`, in the caller's name, unless the emissions are frames × columns. */
export function checkColumns(caller: string, emissions: EmissionMatrix, columns: number): void {
  const { frames, units, logProbs } = emissions;
  if (units === columns && logProbs.length === frames * units) return;
  throw new RangeError(
    `[${caller}] expected ${frames} frames × ${columns} states, got ${units} units in ${logProbs.length} numbers`,
  );
}
