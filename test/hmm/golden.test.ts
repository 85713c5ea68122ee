import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { baumWelchStep } from '../../src/hmm/baum-welch.ts';
import type { EmissionScores } from '../../src/hmm/emission-scores.ts';
import { CategoricalEmissions } from '../../src/hmm/emissions/categorical.ts';
import type { EmissionModel } from '../../src/hmm/emissions/emission-model.ts';
import { MixtureEmissions } from '../../src/hmm/emissions/mixture-emissions.ts';
import { logLikelihood } from '../../src/hmm/forward.ts';
import { forwardBackward } from '../../src/hmm/forward-backward.ts';
import { chainFromMatrix, type MarkovChain } from '../../src/hmm/markov-chain.ts';
import { viterbi } from '../../src/hmm/viterbi.ts';
import { expectClose } from './chains.ts';
import { noFloors, packed } from './emissions/mixtures.ts';

/** What hmmlearn knows a chain by. */
type GoldenChain = { startprob: number[]; transmat: number[][] };
type GoldenGaussian = GoldenChain & { means: number[][]; covars_diag: number[][] };
type GoldenMixture = GoldenChain & {
  weights: number[][];
  means: number[][][];
  covars_diag: number[][][];
};

function golden<File>(name: string): File {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'));
}

/** How far numbers of the size of a likelihood may be off: both sides round. */
const accuracy = 1e-9;

function expectChain(chain: MarkovChain, { startprob, transmat }: GoldenChain): void {
  expectClose(chain.logInitial.map(Math.exp), startprob, 1e-12);
  for (const [i, row] of transmat.entries()) {
    const found = row.map(() => 0);
    for (let arc = chain.arcStart[i]!; arc < chain.arcStart[i + 1]!; arc++) {
      found[chain.arcTarget[arc]!] = Math.exp(chain.arcLogProb[arc]!);
    }
    expectClose(found, row, 1e-12);
  }
}

function total<Sequence, Scores extends EmissionScores, Model>(
  chain: MarkovChain,
  emissions: EmissionModel<Sequence, Scores, Model>,
  sequences: readonly Sequence[],
): number {
  return sequences.reduce((sum, x) => sum + logLikelihood(chain, emissions.score(x)), 0);
}

const chainOf = ({ startprob, transmat }: GoldenChain) => chainFromMatrix(startprob, transmat);
const vectors = (frames: number[][]) => ({
  frames: frames.length,
  values: Float64Array.from(frames.flat()),
});

describe("hmmlearn's categorical model", () => {
  type Model = GoldenChain & { emission: number[][] };
  const file = golden<{
    initial: Model;
    sequences: number[][];
    loglik_per_sequence: number[];
    viterbi: [number, number[]][];
    posteriors_sequence0: number[][];
    after_1_baum_welch: Model & { loglik_total: number };
  }>('hmm_categorical_small');
  const { emission } = file.initial;
  const chain = chainOf(file.initial);
  const emissions = new CategoricalEmissions(
    emission.length,
    emission[0]!.length,
    Float64Array.from(emission.flat(), Math.log),
  );
  const sequences = file.sequences.map((symbols) => Int32Array.from(symbols));

  it('has these likelihoods, best paths and posteriors', () => {
    for (const [n, symbols] of sequences.entries()) {
      const scores = emissions.score(symbols);
      expectClose([logLikelihood(chain, scores)], [file.loglik_per_sequence[n]!], accuracy);
      const path = viterbi(chain, scores);
      expectClose([path.logProb], [file.viterbi[n]![0]], accuracy);
      expect([...path.states]).toEqual(file.viterbi[n]![1]);
    }
    const { states } = forwardBackward(chain, emissions.score(sequences[0]!));
    expectClose(states, file.posteriors_sequence0.flat(), 1e-12);
  });

  it('becomes this one in a step of Baum-Welch', () => {
    const after = baumWelchStep(chain, emissions, sequences);
    const expected = file.after_1_baum_welch;
    expectChain(after.chain, expected);
    expectClose(after.emissions.logProbs.map(Math.exp), expected.emission.flat(), 1e-12);
    expectClose(
      [total(after.chain, after.emissions, sequences)],
      [expected.loglik_total],
      accuracy,
    );
  });
});

describe("hmmlearn's Gaussian model", () => {
  const file = golden<{
    initial: GoldenGaussian;
    sequences: number[][][];
    loglik_per_sequence: number[];
    viterbi_logprob_per_sequence: number[];
    viterbi_states_first_4: number[][];
    posteriors_sequence0: number[][];
    em_loglik_history_5_iters: number[];
    loglik_total_after_5_iters: number;
    after_1_baum_welch: GoldenGaussian & { loglik_total: number };
  }>('hmm_gaussian_small');
  const { means, covars_diag: variances } = file.initial;
  const chain = chainOf(file.initial);
  const emissions = new MixtureEmissions(
    packed(means.map((mean, s) => [{ weight: 1, mean, variance: variances[s]! }])),
    { ...noFloors(2), varianceFloor: Float64Array.of(1e-3, 1e-3) },
  );
  const sequences = file.sequences.map(vectors);

  it('has these likelihoods, best paths and posteriors', () => {
    for (const [n, sequence] of sequences.entries()) {
      const scores = emissions.score(sequence);
      expectClose([logLikelihood(chain, scores)], [file.loglik_per_sequence[n]!], accuracy);
      const path = viterbi(chain, scores);
      expectClose([path.logProb], [file.viterbi_logprob_per_sequence[n]!], accuracy);
      expect([...path.states]).toEqual(file.viterbi_states_first_4[n]);
    }
    const { states } = forwardBackward(chain, emissions.score(sequences[0]!));
    expectClose(states, file.posteriors_sequence0.flat(), 1e-12);
  });

  it('becomes this one in a step of Baum-Welch', () => {
    const after = baumWelchStep(chain, emissions, sequences);
    const expected = file.after_1_baum_welch;
    expectChain(after.chain, expected);
    expectClose(after.emissions.mixtures.means, expected.means.flat(), 1e-11);
    expectClose(after.emissions.mixtures.variances, expected.covars_diag.flat(), 1e-11);
    expectClose(
      [total(after.chain, after.emissions, sequences)],
      [expected.loglik_total],
      accuracy,
    );
  });

  it('has these likelihoods in five steps', () => {
    let model = { chain, emissions };
    const history: number[] = [];
    for (let step = 0; step < 5; step++) {
      const after = baumWelchStep(model.chain, model.emissions, sequences);
      history.push(after.logLikelihood);
      model = after;
    }
    expectClose(history, file.em_loglik_history_5_iters, accuracy);
    expectClose(
      [total(model.chain, model.emissions, sequences)],
      [file.loglik_total_after_5_iters],
      accuracy,
    );
  });
});

describe("hmmlearn's model with Gaussian mixtures", () => {
  const file = golden<{
    initial: GoldenMixture;
    sequences: number[][][];
    loglik_per_sequence: number[];
    viterbi_logprob_per_sequence: number[];
    viterbi_states_first_6: number[][];
    posteriors_sequence0: number[][];
    after_1_baum_welch_textbook: GoldenMixture & { loglik_total: number };
  }>('hmm_gmm_small');
  const { weights, means, covars_diag: variances } = file.initial;
  const chain = chainOf(file.initial);
  const emissions = new MixtureEmissions(
    packed(
      weights.map((row, s) =>
        row.map((weight, m) => ({ weight, mean: means[s]![m]!, variance: variances[s]![m]! })),
      ),
    ),
    noFloors(3),
  );
  const sequences = file.sequences.map(vectors);

  it('has these likelihoods, best paths and posteriors', () => {
    for (const [n, sequence] of sequences.entries()) {
      const scores = emissions.score(sequence);
      expectClose([logLikelihood(chain, scores)], [file.loglik_per_sequence[n]!], accuracy);
      const path = viterbi(chain, scores);
      expectClose([path.logProb], [file.viterbi_logprob_per_sequence[n]!], accuracy);
      expect([...path.states]).toEqual(file.viterbi_states_first_6[n]);
    }
    const { states } = forwardBackward(chain, emissions.score(sequences[0]!));
    expectClose(states, file.posteriors_sequence0.flat(), 1e-12);
  });

  // hmmlearn itself takes covariances about the means before the step: the numbers are an independent
  // textbook version's.
  it('becomes the textbook one in a step of Baum-Welch', () => {
    const after = baumWelchStep(chain, emissions, sequences);
    const expected = file.after_1_baum_welch_textbook;
    const { mixtures } = after.emissions;
    expectChain(after.chain, expected);
    expectClose(mixtures.logWeights.map(Math.exp), expected.weights.flat(), 1e-11);
    expectClose(mixtures.means, expected.means.flat(2), 1e-10);
    expectClose(mixtures.variances, expected.covars_diag.flat(2), 1e-10);
    expectClose(
      [total(after.chain, after.emissions, sequences)],
      [expected.loglik_total],
      accuracy,
    );
  });
});
