import { countUnits, type Study, type StudyContext } from '../study.ts';
import { ctcClaims } from './claims.ts';
import type { CtcFindings } from './findings.ts';
import {
  framesALabel,
  pathCount,
  pathCountByLoss,
  pathCountsByEnumeration,
  repeatsIn,
} from './path-counts.ts';
import { alphabet } from './pattern-task.ts';
import { ctcPlots } from './plots.ts';
import { alignmentsThroughTraining, overSeeds } from './through-training.ts';

const plans = {
  full: {
    hidden: 24,
    seeds: 3,
    steps: [0, 5, 10, 20, 40, 80, 160, 320, 640, 1280],
    enumerated: { alphabet: 3, frames: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
  },
  quick: {
    hidden: 12,
    seeds: 1,
    steps: [0, 10, 40, 160],
    enumerated: { alphabet: 2, frames: [1, 2, 3, 4, 5, 6] },
  },
} as const;

/** Texts whose paths the page counts; labels from 1. */
const shownTexts = [[], [1], [1, 2], [1, 1], [1, 2, 1], [1, 2, 2], [1, 1, 1]];

export const ctcStudy: Study<CtcFindings> = { run, claims: ctcClaims, plots: ctcPlots };

async function run(context: StudyContext): Promise<CtcFindings> {
  const plan = plans[context.quick ? 'quick' : 'full'];
  const { enumerated } = plan;
  const unitDone = countUnits(
    context,
    enumerated.frames.length + plan.seeds * (plan.steps.at(-1)! + 1),
  );
  const counts = [];
  for (const frames of enumerated.frames) {
    counts.push(countsOf(frames, enumerated.alphabet));
    await unitDone();
  }
  const runs = [];
  for (let index = 0; index < plan.seeds; index++) {
    const seed = context.seed + index;
    runs.push(
      await alignmentsThroughTraining({
        hidden: plan.hidden,
        steps: plan.steps,
        seed,
        afterStep: unitDone,
      }),
    );
  }
  const snapshots = overSeeds(runs);
  const { sequence, alignments } = runs[0]!.example;
  const { labels, frames, segments } = sequence;
  return {
    paths: { alphabet: enumerated.alphabet, byFrames: counts },
    hidden: plan.hidden,
    seeds: plan.seeds,
    uniform: {
      frames,
      labels: labels.length,
      paths: pathCount(frames, labels.length, 0).toString(),
      loss: frames * Math.log(alphabet + 1) - logOf(pathCount(frames, labels.length, 0)),
      framesALabel: framesALabel(frames, labels.length, 0),
    },
    snapshots,
    flood: snapshots.reduce((most, each) =>
      each.blankShare.median > most.blankShare.median ? each : most,
    ),
    last: snapshots.at(-1)!,
    example: {
      labels,
      frames,
      segments,
      alignments: alignments.map(({ occupancies, probs, loss }, index) => ({
        step: plan.steps[index]!,
        loss,
        occupancies: shortened(occupancies),
        probs: shortened(probs),
      })),
    },
  };
}

function countsOf(frames: number, size: number): CtcFindings['paths']['byFrames'][number] {
  const enumerated = pathCountsByEnumeration(frames, size);
  const texts = [...enumerated].map(([text, count]) => {
    const labels = text === '' ? [] : text.split(',').map(Number);
    const byFormula = pathCount(frames, labels.length, repeatsIn(labels));
    return { labels, count, byFormula, byLoss: pathCountByLoss(labels, frames, size) };
  });
  const find = (labels: readonly number[]) => enumerated.get(labels.join()) ?? 0n;
  return {
    frames,
    paths: ((size + 1) ** frames).toString(),
    texts: texts.length,
    formulaWrong: texts.filter(({ count, byFormula }) => count !== byFormula).length,
    lossOff: Math.max(...texts.map(({ count, byLoss }) => Math.abs(byLoss / Number(count) - 1))),
    shown: shownTexts.map((labels) => ({ text: spelt(labels), count: find(labels).toString() })),
  };
}

/** 1 as a, 2 as b …; the empty text as ε. */
function spelt(labels: readonly number[]): string {
  return labels.map((label) => String.fromCharCode(96 + label)).join('') || 'ε';
}

function logOf(count: bigint): number {
  const digits = count.toString();
  return Math.log(Number(`0.${digits}`)) + digits.length * Math.LN10;
}

function shortened(values: Float64Array): number[] {
  return Array.from(values, (value) => Number(value.toFixed(4)));
}
