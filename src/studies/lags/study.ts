import { spreadOf } from '../statistics.ts';
import { countUnits, type Study, type StudyContext } from '../study.ts';
import { lagsClaims } from './claims.ts';
import type { LagsFindings, RateFindings } from './findings.ts';
import { type LagRun, type Learner, learnLag, successAccuracy } from './learn-lag.ts';
import { lagsPlots } from './plots.ts';

const learners: Readonly<Record<string, Learner>> = {
  rnn: { name: 'RNN', cell: 'rnn', start: {} },
  rnnOrthogonal: { name: 'RNN, orthogonal', cell: 'rnn', start: { recurrent: 'orthogonal' } },
  lstmForget0: { name: 'LSTM, forget bias 0', cell: 'lstm', start: { forgetBias: 0 } },
  lstm: { name: 'LSTM, forget bias 1', cell: 'lstm', start: { forgetBias: 1 } },
  lstmForget3: { name: 'LSTM, forget bias 3', cell: 'lstm', start: { forgetBias: 3 } },
};

const plans = {
  full: {
    hidden: 32,
    batch: 32,
    steps: 1500,
    seeds: 3,
    lags: [2, 5, 10, 20, 30, 50, 80, 120],
    rates: [0.001, 0.003, 0.01],
  },
  quick: { hidden: 16, batch: 16, steps: 100, seeds: 1, lags: [2, 5], rates: [0.01] },
} as const;

export const lagsStudy: Study<LagsFindings> = { run, claims: lagsClaims, plots: lagsPlots };

async function run(context: StudyContext): Promise<LagsFindings> {
  const { hidden, batch, steps, seeds, lags, rates } = plans[context.quick ? 'quick' : 'full'];
  const entries = Object.entries(learners);
  // A run's work is its lag, so that the time left is of use.
  const framesOf = (lag: number) => seeds * lag;
  const frames = lags.reduce<number>((sum, lag) => sum + framesOf(lag), 0);
  const unitsDone = countUnits(context, entries.length * rates.length * frames);

  const overLags = async (learner: Learner, learningRate: number): Promise<RateFindings> => {
    const byLag: RateFindings['byLag'][number][] = [];
    for (const lag of lags) {
      if (byLag.length > 0 && !mostLearned(byLag.at(-1)!.successes, seeds)) {
        byLag.push({ lag, successes: null, medianSteps: null, runs: [] });
        await unitsDone(framesOf(lag));
        continue;
      }
      const runs: LagRun[] = [];
      for (let index = 0; index < seeds; index++) {
        const seed = context.seed + index;
        const { signal } = context;
        runs.push(
          await learnLag(learner, { learningRate, lag, hidden, batch, steps, seed, signal }),
        );
        await unitsDone(lag);
      }
      const solved = runs.filter(({ learned }) => learned).map((each) => each.steps);
      const medianSteps = solved.length > 0 ? spreadOf(solved).median : null;
      byLag.push({ lag, successes: solved.length, medianSteps, runs });
    }
    return { learningRate, byLag, reach: reachOf(byLag, seeds) };
  };

  const measured = [];
  for (const [key, learner] of entries) {
    const byRate: RateFindings[] = [];
    for (const rate of rates) byRate.push(await overLags(learner, rate));
    const best = byRate.reduce((most, each) => (each.reach > most.reach ? each : most));
    measured.push({ key, name: learner.name, byRate, best });
  }
  return { hidden, batch, steps, seeds, successAccuracy, lags, learners: measured };
}

function reachOf(byLag: RateFindings['byLag'], seeds: number): number {
  return byLag.filter(({ successes }) => mostLearned(successes, seeds)).at(-1)?.lag ?? 0;
}

function mostLearned(successes: number | null, seeds: number): boolean {
  return successes !== null && successes > seeds / 2;
}
