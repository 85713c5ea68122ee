/**
 * The three problems of hidden Markov models on one core, emissions included: likelihood, best path and a
 * step of Baum-Welch, for a dense model of 16 states that emit vectors of 39 numbers. Then decoding: of made up
 * emissions, and of a recording.
 */
import { baumWelchStep } from '../../src/hmm/baum-welch.ts';
import type { GaussianMixtures } from '../../src/hmm/emissions/gaussian-mixtures.ts';
import {
  MixtureEmissions,
  type VectorSequence,
} from '../../src/hmm/emissions/mixture-emissions.ts';
import { logLikelihood } from '../../src/hmm/forward.ts';
import { chainFromMatrix, type MarkovChain } from '../../src/hmm/markov-chain.ts';
import { viterbi } from '../../src/hmm/viterbi.ts';
import { Random } from '../../src/math/random.ts';
import { type BenchContext, type BenchRow, medianSeconds } from './harness.ts';
import { decodingRows } from './hmm-decoding.ts';
import { recordingRows } from './hmm-recording.ts';

const states = 16;
const dims = 39;
const sequenceCount = 200;
const framesEach = 100;
const frames = sequenceCount * framesEach;

/** Frames a second of hmmlearn 0.3.3 (C++, log space), one core of another machine. */
const hmmlearn: Record<number, Record<Problem, number>> = {
  1: { likelihood: 300_000, Viterbi: 573_000, 'Baum-Welch': 135_000 },
  4: { likelihood: 72_000, Viterbi: 81_000, 'Baum-Welch': 12_100 },
};
type Problem = 'likelihood' | 'Viterbi' | 'Baum-Welch';

export async function run(context: BenchContext): Promise<BenchRow[]> {
  return [
    ...(await problems(context)),
    ...(await decodingRows(context)),
    ...(await recordingRows(context)),
  ];
}

async function problems(context: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const components of [1, 4]) {
    const random = new Random(components);
    const chain = denseChain(random);
    const mixtures = overlappingMixtures(random, components);
    const emissions = new MixtureEmissions(mixtures, {
      varianceFloor: new Float64Array(dims).fill(1e-3),
      minOccupancy: 0,
      starved: 'keep',
      weightFloor: 0,
    });
    const sequences = Array.from({ length: sequenceCount }, () => drawFrames(random, mixtures));
    const work: Record<Problem, () => unknown> = {
      likelihood: () => sequences.map((x) => logLikelihood(chain, emissions.score(x))),
      Viterbi: () => sequences.map((x) => viterbi(chain, emissions.score(x))),
      'Baum-Welch': () => baumWelchStep(chain, emissions, sequences),
    };
    for (const problem of ['likelihood', 'Viterbi', 'Baum-Welch'] as const) {
      const rate = frames / (await medianSeconds(work[problem], context.runs));
      const theirs = hmmlearn[components]![problem];
      rows.push({
        bench: 'hmm',
        case: `${problem}, ${states} states, ${components} × ${dims} dims, ${sequenceCount} × ${framesEach} frames`,
        value: rate,
        unit: 'frames/s',
        baseline: `hmmlearn (C++, log space), measured on another machine: ${theirs} frames/s`,
        ratio: rate / theirs,
      });
    }
  }
  return rows;
}

/** Every state leads to every state. */
function denseChain(random: Random): MarkovChain {
  const distribution = () => {
    const weights = Array.from({ length: states }, () => random.uniform(0.1, 1));
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / sum);
  };
  return chainFromMatrix(distribution(), Array.from({ length: states }, distribution));
}

/** Components near enough to one another that frames have more than one to come from. */
function overlappingMixtures(random: Random, components: number): GaussianMixtures {
  const total = states * components;
  return {
    states,
    dims,
    componentStart: Int32Array.from({ length: states + 1 }, (_, s) => s * components),
    logWeights: new Float64Array(total).fill(-Math.log(components)),
    means: Float64Array.from({ length: total * dims }, () => 0.3 * random.gaussian()),
    variances: Float64Array.from({ length: total * dims }, () => random.uniform(0.5, 2)),
  };
}

/** Frames each from any of the components. */
function drawFrames(random: Random, mixtures: GaussianMixtures): VectorSequence {
  const values = new Float32Array(framesEach * dims);
  for (let t = 0; t < framesEach; t++) {
    const component = random.integer(mixtures.logWeights.length);
    for (let d = 0; d < dims; d++) {
      const place = component * dims + d;
      const spread = Math.sqrt(mixtures.variances[place]!);
      values[t * dims + d] = mixtures.means[place]! + spread * random.gaussian();
    }
  }
  return { frames: framesEach, values };
}
