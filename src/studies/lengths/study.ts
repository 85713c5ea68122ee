import { digitTask } from '../digits/digit-strings.ts';
import { mean, spreadOf } from '../statistics.ts';
import { countUnits, type Study, type StudyContext } from '../study.ts';
import { lengthsClaims } from './claims.ts';
import type { LengthsFindings, RowFindings, RowKey } from './findings.ts';
import { lengthsPlots } from './plots.ts';
import {
  type LengthsPlan,
  type NetworksRun,
  type RowRun,
  trainHmmRow,
  trainNetworks,
} from './rows.ts';
import { iterationsOf, wordStates } from './train-hmm.ts';

type Plan = LengthsPlan & {
  readonly strings: { readonly train: number; readonly dev: number };
  readonly seeds: number;
};

const plans: Readonly<Record<'full' | 'quick', Plan>> = {
  full: {
    strings: { train: 2000, dev: 400 },
    seeds: 3,
    hidden: 45,
    learningRate: 0.006,
    steps: 1000,
    batch: 16,
    looks: 4,
    hmm: { iterations: 3, components: [1, 2, 4] },
    tuning: 60,
  },
  quick: {
    strings: { train: 120, dev: 40 },
    seeds: 1,
    hidden: 16,
    learningRate: 0.01,
    steps: 240,
    batch: 8,
    looks: 2,
    hmm: { iterations: 2, components: [1, 2] },
    tuning: 20,
  },
};

const rowNames: Readonly<Record<RowKey, string>> = {
  framewise: 'framewise network',
  hmm: 'HMM',
  ctc: 'CTC network',
  hybrid: 'hybrid of network and HMM',
};

export const lengthsStudy: Study<LengthsFindings> = {
  run,
  claims: lengthsClaims,
  plots: lengthsPlots,
};

async function run(context: StudyContext): Promise<LengthsFindings> {
  const plan = plans[context.quick ? 'quick' : 'full'];
  const { signal } = context;
  const { hidden, learningRate, steps, batch } = plan;
  signal.throwIfAborted();
  const task = await digitTask(context, plan.strings);
  const unitsDone = countUnits(context, iterationsOf(plan.hmm) + 3 * steps * plan.seeds);
  const rowOptions = { plan, seed: context.seed, signal, afterStep: unitsDone };
  const hmm = await trainHmmRow(task, rowOptions);
  const runs: NetworksRun[] = [];
  for (let index = 0; index < plan.seeds; index++) {
    const seed = context.seed + index;
    let stepsDone = 0;
    const afterStep = () => {
      stepsDone++;
      return unitsDone();
    };
    const options = { ...rowOptions, seed, afterStep };
    runs.push(await context.keep(`seed ${seed}`, () => trainNetworks(task, hmm, options)));
    await unitsDone(3 * steps - stepsDone);
  }
  const { train, dev } = task;
  return {
    strings: {
      ...plan.strings,
      devDigits: dev.reduce((sum, { labels }) => sum + labels.length, 0),
      frames: mean([...train, ...dev].map(({ features }) => features.frames)),
    },
    network: { hidden, learningRate, steps, batch },
    hmm: { wordStates, gaussians: plan.hmm.components.at(-1)! },
    seeds: plan.seeds,
    rows: [
      rowFindings(
        'framewise',
        runs.map(({ framewise }) => framewise),
      ),
      rowFindings('hmm', [hmm.row]),
      rowFindings(
        'ctc',
        runs.map(({ ctc }) => ctc),
      ),
      rowFindings(
        'hybrid',
        runs.map(({ hybrid }) => hybrid),
      ),
    ],
    frameError: spreadOf(runs.map(({ frameError }) => frameError)),
  };
}

function rowFindings(key: RowKey, runs: readonly RowRun[]): RowFindings {
  const lasts = runs.map(({ curve }) => curve.at(-1)!);
  const { parameters, curve } = runs[0]!;
  return {
    key,
    name: rowNames[key],
    error: spreadOf(lasts.map(({ error }) => error)),
    seconds: spreadOf(lasts.map(({ seconds }) => seconds)),
    parameters,
    curve,
  };
}
