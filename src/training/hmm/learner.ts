import type { FeatureMatrix } from '../../features/feature-matrix.ts';
import { type CompositeChain, composeChain } from '../../hmm/composite-chain.ts';
import { MixtureScorer, type MixtureScores } from '../../hmm/emissions/mixture-scorer.ts';
import { MixtureStatistics } from '../../hmm/emissions/mixture-statistics.ts';
import { columnPosteriors, forwardBackward } from '../../hmm/forward-backward.ts';
import { compactEmissions, type MarkovChain } from '../../hmm/markov-chain.ts';
import { viterbi } from '../../hmm/viterbi.ts';
import type { HmmExample } from './hmm-example.ts';
import { transcriptSegments } from './transcript.ts';
import { UnitCounts } from './unit-counts.ts';
import { fillerUnit, type HmmParameters } from './units.ts';

/** What an iteration learns from some examples: plain data, so that one thread can hand it to another. */
export type HmmStatistics = {
  readonly mixtures: MixtureStatistics;
  readonly counts: UnitCounts;
  /** Σ ln p of the examples: of all paths, or of the best ones. */
  readonly logLikelihood: number;
  /** of the examples that could be explained */
  readonly frames: number;
  /** Examples that cannot be what is said in them: too short. */
  readonly skipped: number;
};

/** The chain of a transcript, with the columns that it reads. */
type Transcript = {
  readonly composite: CompositeChain;
  /** `composite.chain` with its columns numbered from 0, and which those are. */
  readonly chain: MarkovChain;
  readonly columns: Int32Array;
};

/** State posteriors below it add nothing worth the time. */
const leastPosterior = 1e-6;

/** The E-step of embedded training: gathers statistics of utterances of which only the words are known. */
export class Learner {
  private readonly parameters: HmmParameters;
  private readonly scorer: MixtureScorer;
  private readonly mixtures: MixtureStatistics;
  private readonly counts: UnitCounts;
  private readonly transcripts = new Map<string, Transcript>();
  private logLikelihood = 0;
  private frames = 0;
  private skipped = 0;

  constructor(parameters: HmmParameters) {
    const { units, mixtures } = parameters;
    this.parameters = parameters;
    this.scorer = new MixtureScorer(mixtures);
    this.mixtures = new MixtureStatistics(mixtures.logWeights.length, mixtures.dims);
    this.counts = new UnitCounts(units);
  }

  get statistics(): HmmStatistics {
    const { mixtures, counts, logLikelihood, frames, skipped } = this;
    return { mixtures, counts, logLikelihood, frames, skipped };
  }

  /** Counts an utterance by its best path (Viterbi training, segmental k-means; Juang & Rabiner 1990). */
  learnBestPath(words: HmmExample['words'], features: FeatureMatrix): void {
    const { composite, chain, columns } = this.transcriptOf(words);
    const scores = this.score(features, columns);
    const { logProb, states } = viterbi(chain, scores);
    if (!this.takes(logProb, features)) return;
    const posteriors = new Float64Array(scores.frames * columns.length);
    states.forEach((state, t) => {
      posteriors[t * columns.length + chain.emission[state]!] = 1;
      if (t > 0)
        this.counts.addArc(composite, states[t - 1]!, arcBetween(chain, states[t - 1]!, state), 1);
    });
    this.counts.addStart(composite, states[0]!, 1);
    this.counts.addEnd(composite, states.at(-1)!, 1);
    this.mixtures.addPosteriors(features.values, scores, posteriors, leastPosterior);
  }

  /** Counts it by all its paths (Baum et al. 1970; Rabiner 1989, section V.B, several observations). */
  learnAllPaths(words: HmmExample['words'], features: FeatureMatrix, beam: number): void {
    const { composite, chain, columns } = this.transcriptOf(words);
    const scores = this.score(features, columns);
    const posteriors = forwardBackward(chain, scores, beam);
    const { logLikelihood, states, arcs } = posteriors;
    if (!this.takes(logLikelihood, features)) return;
    const { frames } = features;
    for (let i = 0; i < chain.states; i++) {
      for (let arc = chain.arcStart[i]!; arc < chain.arcStart[i + 1]!; arc++)
        if (arcs[arc]! > 0) this.counts.addArc(composite, i, arc, arcs[arc]!);
      this.counts.addStart(composite, i, states[i]!);
      this.counts.addEnd(composite, i, states[(frames - 1) * chain.states + i]!);
    }
    const ofColumns = columnPosteriors(chain, posteriors, columns.length);
    this.mixtures.addPosteriors(features.values, scores, ofColumns, leastPosterior);
  }

  /** The emission column of each frame on the best path; none where there is no path. */
  bestColumns(words: HmmExample['words'], features: FeatureMatrix): Int32Array {
    const { chain, columns } = this.transcriptOf(words);
    const { states } = viterbi(chain, this.score(features, columns));
    return states.map((state) => columns[chain.emission[state]!]!);
  }

  private transcriptOf(words: HmmExample['words']): Transcript {
    const key = words.map((word) => word ?? fillerUnit).join(' ');
    let transcript = this.transcripts.get(key);
    if (transcript === undefined) {
      const { parameters } = this;
      const composite = composeChain(transcriptSegments(words, parameters), parameters.units);
      transcript = { composite, ...compactEmissions(composite.chain) };
      this.transcripts.set(key, transcript);
    }
    return transcript;
  }

  private score({ values, frames }: FeatureMatrix, columns: Int32Array): MixtureScores {
    return this.scorer.score(values, frames, columns);
  }

  private takes(logLikelihood: number, { frames }: FeatureMatrix): boolean {
    if (logLikelihood === Number.NEGATIVE_INFINITY) {
      this.skipped++;
      return false;
    }
    this.logLikelihood += logLikelihood;
    this.frames += frames;
    return true;
  }
}

function arcBetween(chain: MarkovChain, from: number, to: number): number {
  for (let arc = chain.arcStart[from]!; arc < chain.arcStart[from + 1]!; arc++)
    if (chain.arcTarget[arc] === to) return arc;
  throw new Error(`[arcBetween] expected an arc from ${from} to ${to}`);
}
