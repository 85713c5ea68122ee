import { powerOf } from '../statistics.ts';
import { countUnits, type Study, type StudyContext } from '../study.ts';
import { rtrlClaims } from './claims.ts';
import { memoryOf, secondsPerFrame } from './cost.ts';
import { echoStream } from './echo-stream.ts';
import { type Exactness, exactness } from './exactness.ts';
import type { CostRow, RtrlFindings } from './findings.ts';
import { type CellName, cellNames, inputs, type MethodName, methodNames } from './methods.ts';
import { rtrlPlots } from './plots.ts';

const plans = {
  full: {
    lengths: [8, 16, 32, 64, 128, 256, 512, 1024],
    lengthsHidden: 16,
    widthsFrames: 16,
    widths: { rnn: [4, 8, 16, 32, 64, 128], lstm: [4, 8, 16, 32, 64] },
    fitted: 3,
    repetitions: 5,
    seeds: 5,
    echoFrames: 50_000,
  },
  quick: {
    lengths: [8, 32, 128],
    lengthsHidden: 8,
    widthsFrames: 8,
    widths: { rnn: [8, 16, 32], lstm: [4, 8, 16] },
    fitted: 2,
    repetitions: 3,
    seeds: 2,
    echoFrames: 5_000,
  },
} as const;

export const rtrlStudy: Study<RtrlFindings> = {
  run,
  claims: rtrlClaims,
  plots: rtrlPlots,
};

async function run(context: StudyContext): Promise<RtrlFindings> {
  const { seed } = context;
  const plan = plans[context.quick ? 'quick' : 'full'];
  const seeds = Array.from({ length: plan.seeds }, (_, index) => seed + index);
  const networks = plan.lengths.length + plan.widths.rnn.length + plan.widths.lstm.length;
  const unitDone = countUnits(context, cellNames.length + networks + 1);

  const costs = async (cell: CellName, hidden: number, frames: number): Promise<CostRow> => {
    const options = { seed, repetitions: plan.repetitions };
    const rows: [MethodName, CostRow[MethodName]][] = [];
    for (const method of methodNames) {
      const memory = await memoryOf(method, cell, hidden, frames, seed);
      rows.push([
        method,
        { memory, secondsPerFrame: secondsPerFrame(method, cell, hidden, frames, options) },
      ]);
    }
    await unitDone();
    return Object.fromEntries(rows) as CostRow;
  };

  const exact: Exactness[] = [];
  for (const cell of cellNames) {
    exact.push(exactness(cell, seeds));
    await unitDone();
  }
  const lengthRows = [];
  for (const frames of plan.lengths) {
    lengthRows.push({ frames, ...(await costs('rnn', plan.lengthsHidden, frames)) });
  }
  const byWidth = [];
  for (const cell of cellNames) {
    const rows = [];
    for (const hidden of plan.widths[cell]) {
      const cost = await costs(cell, hidden, plan.widthsFrames);
      const perFrame = cost.bptt.memory.numbers / plan.widthsFrames;
      rows.push({
        hidden,
        timeRatio: cost.rtrl.secondsPerFrame.median / cost.bptt.secondsPerFrame.median,
        evenFrames: Math.ceil(cost.rtrl.memory.numbers / perFrame),
        multiplications: multiplications(cell, hidden),
        ...cost,
      });
    }
    const widest = rows.slice(-plan.fitted);
    const exponent = (method: MethodName) =>
      powerOf(widest.map((row) => [row.hidden, row[method].secondsPerFrame.median] as const));
    byWidth.push({
      cell,
      frames: plan.widthsFrames,
      rows,
      widths: widest.map(({ hidden }) => hidden),
      exponents: Object.fromEntries(
        methodNames.map((method) => [method, exponent(method)]),
      ) as Record<MethodName, number>,
      countedExponent: powerOf(widest.map((row) => [row.hidden, row.multiplications] as const)),
    });
  }
  const echo = echoStream(plan.echoFrames, seeds);
  await unitDone();
  return {
    repetitions: plan.repetitions,
    exactness: exact,
    byLength: { hidden: plan.lengthsHidden, rows: lengthRows },
    byWidth,
    echo,
  };
}

/** Of RTRL a frame: G·H sums, each over H rows of P parameters. */
function multiplications(cell: CellName, hidden: number): number {
  const gates = cell === 'lstm' ? 4 : 1;
  return gates * hidden * hidden * (inputs + hidden + 1) * gates * hidden;
}
