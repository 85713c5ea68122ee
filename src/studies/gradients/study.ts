import { Random } from '../../math/random.ts';
import { startingWeights } from '../engine/starting-weights.ts';
import { countUnits, type Study, type StudyContext } from '../study.ts';
import { gradientsClaims } from './claims.ts';
import { clipNorms, clipping } from './clipping.ts';
import type { GradientsFindings } from './findings.ts';
import { type Beginning, beginnings, recallArchitecture } from './networks.ts';
import { gradientsPlots } from './plots.ts';
import { stateNorms } from './state-norms.ts';
import { gradientsThroughTraining } from './through-training.ts';

const trained = ['rnn', 'rnnOrthogonal', 'lstm', 'lstmForget3'] as const;

const plans = {
  full: {
    hidden: 32,
    seeds: 5,
    sequences: 20,
    startLag: 100,
    trainedLag: 20,
    snapshots: [0, 100, 300, 1000],
    clipping: { steps: 1000, rates: [0.1, 0.3, 1, 3], seeds: 3 },
    batch: 32,
  },
  quick: {
    hidden: 12,
    seeds: 2,
    sequences: 4,
    startLag: 50,
    trainedLag: 8,
    snapshots: [0, 40, 120],
    clipping: { steps: 200, rates: [0.3], seeds: 2 },
    batch: 16,
  },
} as const;

export const gradientsStudy: Study<GradientsFindings> = {
  run,
  claims: gradientsClaims,
  plots: gradientsPlots,
};

async function run(context: StudyContext): Promise<GradientsFindings> {
  const plan = plans[context.quick ? 'quick' : 'full'];
  const { hidden, sequences, batch } = plan;
  const seeds = Array.from({ length: plan.seeds }, (_, index) => context.seed + index);
  const beginningKeys = Object.keys(beginnings) as (keyof typeof beginnings)[];
  const clippingSeeds = seeds.slice(0, plan.clipping.seeds);
  const clippingRuns = plan.clipping.rates.length * clipNorms.length * clippingSeeds.length;
  const units = beginningKeys.length + trained.length * seeds.length + clippingRuns;
  const unitDone = countUnits(context, units);

  const atStart = [];
  for (const key of beginningKeys) {
    const { name, cell, start, silent = false }: Beginning = beginnings[key];
    const architecture = recallArchitecture(cell, hidden);
    const networks = seeds.map((seed) => startingWeights(architecture, start, new Random(seed)));
    const options = { lag: plan.startLag, sequences, seed: context.seed, silent };
    const norms = stateNorms(architecture, networks, options);
    const gone = norms.byOutput.findIndex((share) => share < 0.1);
    atStart.push({ key, name, tenthAfter: gone < 0 ? null : gone, ...norms });
    await unitDone();
  }
  const throughTraining = [];
  for (const key of trained) {
    const { snapshots } = plan;
    const options = { hidden, lag: plan.trainedLag, batch, snapshots, seeds, sequences };
    throughTraining.push({
      key,
      name: beginnings[key].name,
      snapshots: await gradientsThroughTraining(beginnings[key], options, unitDone),
    });
  }
  return {
    hidden,
    seeds: seeds.length,
    atStart: { lag: plan.startLag, networks: atStart },
    throughTraining: { lag: plan.trainedLag, networks: throughTraining },
    clipping: await clipping({ ...plan.clipping, hidden, batch, seeds: clippingSeeds }, unitDone),
  };
}
