import { lineChart } from '../chart.ts';
import { spreadOf } from '../statistics.ts';
import { type Claim, countUnits, type Study, type StudyContext } from '../study.ts';
import { type LagRun, type Learner, learnLag, successAccuracy } from './learn-lag.ts';

const learners = {
  rnn: { name: 'RNN', cell: 'rnn', start: {}, learningRate: 0.002 },
  rnnOrthogonal: {
    name: 'RNN, orthogonal',
    cell: 'rnn',
    start: { recurrent: 'orthogonal' },
    learningRate: 0.002,
  },
  lstmForget0: {
    name: 'LSTM, forget bias 0',
    cell: 'lstm',
    start: { forgetBias: 0 },
    learningRate: 0.01,
  },
  lstm: { name: 'LSTM, forget bias 1', cell: 'lstm', start: { forgetBias: 1 }, learningRate: 0.01 },
  lstmForget3: {
    name: 'LSTM, forget bias 3',
    cell: 'lstm',
    start: { forgetBias: 3 },
    learningRate: 0.01,
  },
} as const satisfies Readonly<Record<string, Learner>>;

type LearnerKey = keyof typeof learners;

const plans = {
  full: { hidden: 32, batch: 32, steps: 1500, seeds: 3, lags: [2, 5, 10, 15, 20, 30, 50] },
  quick: { hidden: 16, batch: 16, steps: 100, seeds: 1, lags: [2, 5] },
} as const;

export type LagsFindings = {
  readonly hidden: number;
  readonly batch: number;
  /** At most so many steps a run. */
  readonly steps: number;
  readonly seeds: number;
  readonly successAccuracy: number;
  readonly lags: readonly number[];
  readonly learners: readonly {
    readonly key: LearnerKey;
    readonly name: string;
    readonly learningRate: number;
    readonly byLag: readonly {
      readonly lag: number;
      readonly successes: number;
      /** Of those that learned; null if none did. */
      readonly medianSteps: number | null;
      readonly runs: readonly LagRun[];
    }[];
    /** The longest lag up to which, and at which, most seeds learned; 0 if there is none. */
    readonly reach: number;
  }[];
};

export const lagsStudy: Study<LagsFindings> = { run, claims, plots };

async function run(context: StudyContext): Promise<LagsFindings> {
  const plan = plans[context.quick ? 'quick' : 'full'];
  const { hidden, batch, steps, lags } = plan;
  const keys = Object.keys(learners) as LearnerKey[];
  // A run's work is its lag, so that the time left is of use.
  const total = lags.reduce((sum, lag) => sum + plan.seeds * keys.length * lag, 0);
  const unitsDone = countUnits(context, total);
  const measured = [];
  for (const key of keys) {
    const byLag = [];
    for (const lag of lags) {
      const runs: LagRun[] = [];
      for (let index = 0; index < plan.seeds; index++) {
        const seed = context.seed + index;
        runs.push(
          await learnLag(learners[key], {
            lag,
            hidden,
            batch,
            steps,
            seed,
            signal: context.signal,
          }),
        );
        await unitsDone(lag);
      }
      const solved = runs.filter(({ learned }) => learned).map((each) => each.steps);
      const medianSteps = solved.length > 0 ? spreadOf(solved).median : null;
      byLag.push({ lag, successes: solved.length, medianSteps, runs });
    }
    const { name, learningRate } = learners[key];
    measured.push({ key, name, learningRate, byLag, reach: reachOf(byLag, plan.seeds) });
  }
  return { hidden, batch, steps, seeds: plan.seeds, successAccuracy, lags, learners: measured };
}

function reachOf(byLag: readonly { lag: number; successes: number }[], seeds: number): number {
  const failed = byLag.findIndex(({ successes }) => successes <= seeds / 2);
  const reached = failed < 0 ? byLag : byLag.slice(0, failed);
  return reached.at(-1)?.lag ?? 0;
}

function claims({ learners: measured, lags, seeds, steps }: LagsFindings): Claim[] {
  const of = (key: LearnerKey) => measured.find((learner) => learner.key === key)!;
  const reaches = (...keys: LearnerKey[]) =>
    keys.map((key) => `${of(key).name}: ${of(key).reach}`).join('; ');
  const bestLstm = Math.max(of('lstmForget0').reach, of('lstm').reach, of('lstmForget3').reach);
  const rates = of('rnn')
    .byLag.map(({ lag, successes }) => `${lag}: ${successes}/${seeds}`)
    .join(', ');
  return [
    {
      name: 'ten-steps',
      statement:
        'A plain recurrent network learns to bridge about ten frames (5 to 20), and no more.',
      holds: of('rnn').reach >= 5 && of('rnn').reach <= 20,
      measured: `most seeds learn up to a lag of ${of('rnn').reach} (seeds that learn by lag: ${rates})`,
    },
    {
      name: 'lstm-further',
      statement:
        'An LSTM, as it is usually begun (forget bias 1), bridges longer lags than a plain network.',
      holds: of('lstm').reach > of('rnn').reach,
      measured: `lags that most seeds learn: ${reaches('rnn', 'lstm')}`,
    },
    {
      name: 'best-lstm-further',
      statement:
        'With a forget bias that suits the lag it bridges longer lags than any plain network here.',
      holds: bestLstm > Math.max(of('rnn').reach, of('rnnOrthogonal').reach),
      measured: `${reaches('rnn', 'rnnOrthogonal', 'lstmForget3')}; the longest lag tried is ${lags.at(-1)}, the most steps ${steps}`,
    },
    {
      name: 'forget-bias',
      statement: 'The forget gate’s bias decides how far an LSTM reaches: the higher, the further.',
      holds:
        of('lstmForget0').reach <= of('lstm').reach &&
        of('lstm').reach <= of('lstmForget3').reach &&
        of('lstmForget0').reach < of('lstmForget3').reach,
      measured: reaches('lstmForget0', 'lstm', 'lstmForget3'),
    },
    {
      name: 'orthogonal-further',
      statement: 'An orthogonal start lets a plain network bridge longer lags.',
      holds: of('rnnOrthogonal').reach > of('rnn').reach,
      measured: reaches('rnn', 'rnnOrthogonal'),
    },
  ];
}

function plots({ learners: measured, seeds, steps }: LagsFindings): Record<string, string> {
  const lag = { name: 'lag (frames)', log: 2 } as const;
  return {
    lags: lineChart(`Recall after a delay, ${seeds} seeds, at most ${steps} steps`, [
      {
        x: lag,
        y: { name: 'share of seeds that learned', min: 0, max: 1 },
        lines: measured.map(({ name, byLag }) => ({
          name,
          points: byLag.map((each) => [each.lag, each.successes / seeds] as const),
        })),
      },
      {
        x: lag,
        y: { name: 'steps until learned (median)', log: 10 } as const,
        lines: measured.map(({ name, byLag }) => ({
          name,
          points: byLag.flatMap((each) =>
            each.medianSteps === null ? [] : [[each.lag, each.medianSteps] as const],
          ),
        })),
      },
    ]),
  };
}
