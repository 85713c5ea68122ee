import { hmmDefinitionOf } from '../../training/hmm/hmm-definition.ts';
import type { HmmParameters } from '../../training/hmm/units.ts';
import { parameterLayout } from '../../training/network/parameters.ts';
import type { Objective } from '../../training/objective.ts';
import { type DigitString, type DigitTask, digitLabels } from '../digits/digit-strings.ts';
import { bestPathErrorRate, frameErrorRate } from '../digits/error-rate.ts';
import { type Emitter, type NetworkLook, trainNetwork } from '../digits/network-trial.ts';
import type { RowKey } from './findings.ts';
import { decoding, errorRateByHmm } from './hmm-reader.ts';
import { hybridTargets, scaledLikelihoods } from './hybrid.ts';
import { mixtureEmissions, trainHmm } from './train-hmm.ts';

export type LengthsPlan = {
  readonly hidden: number;
  readonly learningRate: number;
  readonly steps: number;
  readonly batch: number;
  readonly looks: number;
  readonly hmm: { readonly iterations: number; readonly components: readonly number[] };
  /** Strings to learn from on which the cost of a word is chosen. */
  readonly tuning: number;
};

/** What one run found of one row: plain data. */
export type RowRun = {
  readonly parameters: number;
  /** Label error rate after so much processor time; the last is the row's. */
  readonly curve: readonly { readonly seconds: number; readonly error: number }[];
};
export type NetworksRun = Readonly<Record<Exclude<RowKey, 'hmm'>, RowRun>> & {
  readonly frameError: number;
};

export type RowOptions = {
  readonly plan: LengthsPlan;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly afterStep: () => Promise<void>;
};

const blank = 0;

export type TrainedHmm = { readonly row: RowRun; readonly parameters: HmmParameters };

/** Learns the task by an HMM, from transcripts alone. */
export async function trainHmmRow(
  task: DigitTask,
  { plan, seed, signal, afterStep }: RowOptions,
): Promise<TrainedHmm> {
  const tuning = task.train.slice(0, plan.tuning);
  const { parameters, looks } = await trainHmm(task, {
    ...plan.hmm,
    seed,
    signal,
    afterIteration: afterStep,
    look: (current) => {
      const heard = (strings: readonly DigitString[]) => ({
        strings,
        emissions: mixtureEmissions(current, strings),
      });
      return errorRateByHmm(hmmDefinitionOf(current, decoding), {
        tuning: heard(tuning),
        testing: heard(task.dev),
      });
    },
  });
  const { means, variances, logWeights } = parameters.mixtures;
  const size = means.length + variances.length + logWeights.length;
  return { row: { parameters: size, curve: looks }, parameters };
}

/** Learns the task by the three networks; the HMM aligns for the hybrid. */
export async function trainNetworks(
  task: DigitTask,
  { row, parameters }: TrainedHmm,
  options: RowOptions,
): Promise<NetworksRun> {
  const { framewise, frameError } = await framewiseRow(task, options);
  const ctc = await ctcRow(task, options);
  const hybrid = await hybridRow(task, parameters, row, options);
  return { framewise, ctc, hybrid, frameError };
}

/** Frames with known labels; their likeliest labels are read as CTC reads them, pauses as blanks. */
async function framewiseRow(task: DigitTask, options: RowOptions) {
  const targets = task.train.map(({ frameLabels }) => frameLabels);
  const { parameters, looks } = await trainedNetwork(task, targets, options, {
    objective: { kind: 'framewise' },
    labels: digitLabels.length,
    look: async (emit) => {
      const emissions = await emit(task.dev.map(({ features }) => features));
      return {
        error: bestPathErrorRate(task.dev, emissions),
        frameError: frameErrorRate(task.dev, emissions),
      };
    },
  });
  const curve = looks.map(({ seconds, seen: { error } }) => ({ seconds, error }));
  return { framewise: { parameters, curve }, frameError: looks.at(-1)!.seen.frameError };
}

/** Transcripts alone. */
async function ctcRow(task: DigitTask, options: RowOptions): Promise<RowRun> {
  const targets = task.train.map(({ labels }) => labels);
  const { parameters, looks } = await trainedNetwork(task, targets, options, {
    objective: { kind: 'ctc', blank },
    labels: digitLabels.length,
    look: async (emit) => {
      const emissions = await emit(task.dev.map(({ features }) => features));
      return bestPathErrorRate(task.dev, emissions);
    },
  });
  return { parameters, curve: looks.map(({ seconds, seen: error }) => ({ seconds, error })) };
}

/** Frames as the HMM aligned them; their states' posteriors over priors are what the HMM reads then. */
async function hybridRow(
  task: DigitTask,
  parameters: HmmParameters,
  hmm: RowRun,
  options: RowOptions,
): Promise<RowRun> {
  const start = process.cpuUsage();
  const { labels, frames, logPriors, definition } = hybridTargets(parameters, task.train);
  const { user, system } = process.cpuUsage(start);
  const before = hmm.curve.at(-1)!.seconds + (user + system) / 1e6;
  const tuning = task.train.slice(0, options.plan.tuning);
  const network = await trainedNetwork(task, frames, options, {
    objective: { kind: 'framewise' },
    labels,
    look: async (emit) => {
      const heard = async (strings: readonly DigitString[]) => {
        const emissions = await emit(strings.map(({ features }) => features));
        return { strings, emissions: emissions.map((each) => scaledLikelihoods(each, logPriors)) };
      };
      const testing = await heard(task.dev);
      return errorRateByHmm(definition, { tuning: await heard(tuning), testing });
    },
  });
  const curve = network.looks.map(({ seconds, seen: error }) => ({
    seconds: before + seconds,
    error,
  }));
  return { parameters: network.parameters, curve };
}

/** A bidirectional LSTM that learned those of the strings that have targets. */
async function trainedNetwork<Seen>(
  { train, inputs }: DigitTask,
  targets: readonly Int32Array[],
  { plan, seed, afterStep }: RowOptions,
  way: { objective: Objective; labels: number; look: (emit: Emitter) => Promise<Seen> },
): Promise<{ parameters: number; looks: NetworkLook<Seen>[] }> {
  const { hidden, learningRate, steps, batch, looks } = plan;
  const { labels, objective, look } = way;
  const shape = { cell: 'lstm', bidirectional: true, layers: 1 } as const;
  const architecture = { ...shape, hidden, inputs, labels };
  const sequences = train.flatMap(({ features }, n) => {
    const sequence = { ...features, labels: targets[n]! };
    return sequence.labels.length === 0 ? [] : [sequence];
  });
  const trial = { architecture, objective, learningRate, steps, batch, seed };
  return {
    parameters: parameterLayout(architecture).size,
    looks: await trainNetwork(trial, sequences, { looks, look, afterStep }),
  };
}
