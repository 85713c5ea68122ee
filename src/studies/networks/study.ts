import { parameterLayout } from '../../training/network/parameters.ts';
import { type DigitTask, digitLabels, digitTask } from '../digits/digit-strings.ts';
import { bestPathErrorRate } from '../digits/error-rate.ts';
import { type NetworkLook, type NetworkTrial, trainNetwork } from '../digits/network-trial.ts';
import { spreadOf } from '../statistics.ts';
import { countUnits, type Study, type StudyContext } from '../study.ts';
import { networksClaims } from './claims.ts';
import type { NetworksFindings, RateFindings } from './findings.ts';
import { architectureOf, networkKinds } from './kinds.ts';
import { networksPlots } from './plots.ts';

const plans = {
  full: {
    strings: { train: 2000, dev: 400 },
    parameters: 32_000,
    rates: [0.003, 0.01],
    seeds: 3,
    steps: 2000,
    batch: 16,
    looks: 10,
  },
  quick: {
    strings: { train: 120, dev: 40 },
    parameters: 8000,
    rates: [0.01],
    seeds: 1,
    steps: 240,
    batch: 8,
    looks: 3,
  },
} as const;

const blank = 0;

export const networksStudy: Study<NetworksFindings> = {
  run,
  claims: networksClaims,
  plots: networksPlots,
};

async function run(context: StudyContext): Promise<NetworksFindings> {
  const plan = plans[context.quick ? 'quick' : 'full'];
  const { parameters, rates, seeds, steps, batch, looks } = plan;
  context.signal.throwIfAborted();
  const task = await digitTask(context, plan.strings);
  const unitsDone = countUnits(context, networkKinds.length * rates.length * seeds * steps);
  const kinds = [];
  for (const kind of networkKinds) {
    const shape = { parameters, inputs: task.inputs, labels: digitLabels.length };
    const architecture = architectureOf(kind, shape);
    const byRate: RateFindings[] = [];
    for (const learningRate of rates) {
      const runs: NetworkLook<number>[][] = [];
      for (let index = 0; index < seeds; index++) {
        const seed = context.seed + index;
        const objective = { kind: 'ctc', blank } as const;
        const trial = { architecture, objective, learningRate, steps, batch, seed };
        let stepsDone = 0;
        const afterStep = () => {
          stepsDone++;
          return unitsDone();
        };
        runs.push(
          await context.keep(JSON.stringify(trial), () => trialOf(trial, task, looks, afterStep)),
        );
        await unitsDone(steps - stepsDone);
      }
      byRate.push(rateFindings(learningRate, runs));
    }
    kinds.push({
      key: kind.key,
      name: kind.name,
      hidden: architecture.hidden,
      parameters: parameterLayout(architecture).size,
      byRate,
      best: byRate.reduce((most, each) => (each.loss.median < most.loss.median ? each : most)),
    });
  }
  const devDigits = task.dev.reduce((sum, { labels }) => sum + labels.length, 0);
  return {
    strings: { ...plan.strings, devDigits },
    steps,
    batch,
    seeds,
    rates,
    parameters,
    kinds,
  };
}

/** Learns the strings by CTC; the label error rate on the dev strings at each look. */
function trialOf(
  trial: NetworkTrial,
  { train, dev }: DigitTask,
  looks: number,
  afterStep: () => Promise<void>,
): Promise<NetworkLook<number>[]> {
  const sequences = train.map(({ features, labels }) => ({ ...features, labels }));
  return trainNetwork(trial, sequences, {
    looks,
    afterStep,
    look: async (emit) => bestPathErrorRate(dev, await emit(dev.map(({ features }) => features))),
  });
}

function rateFindings(
  learningRate: number,
  runs: readonly (readonly NetworkLook<number>[])[],
): RateFindings {
  const curve = runs[0]!.map(({ step, loss }, index) => ({
    step,
    loss: loss === null ? null : spreadOf(runs.map((looks) => looks[index]!.loss!)),
    error: spreadOf(runs.map((looks) => looks[index]!.seen)),
  }));
  const last = curve.at(-1)!;
  return {
    learningRate,
    error: last.error,
    loss: last.loss!,
    millisecondsAStep: spreadOf(
      runs.map((looks) => (1000 * looks.at(-1)!.seconds) / looks.at(-1)!.step),
    ),
    curve,
  };
}
