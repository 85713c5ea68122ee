import { bestPath } from '../../ctc/best-path.ts';
import { Random } from '../../math/random.ts';
import { GradientComputer } from '../../training/gradient.ts';
import type { NetworkArchitecture } from '../../training/network/architecture.ts';
import { initialParameters } from '../../training/network/parameters.ts';
import { adam } from '../../training/optimizer/adam.ts';
import { clipGradient } from '../../training/optimizer/clipping.ts';
import { initialSlots } from '../../training/optimizer/optimizer.ts';
import { lessonOf } from '../engine/lesson.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { type Shape, type SoftAlignment, shapeOf, softAlignment } from './occupancies.ts';
import { alphabet, inputs, type PatternSequence, PatternTask } from './pattern-task.ts';

const testSequences = 20;
/** Of a test sequence: different ones, so that each has occupancies of its own. */
const testLabels = 4;
const batch = 16;
const learningRate = 0.005;
const clipNorm = 5;

export type AlignmentSnapshot = {
  readonly step: number;
  /** Nats a sequence. */
  readonly loss: number;
  /** The share of sequences whose likeliest path spells their labels. */
  readonly textsRight: number;
} & Shape;

export type SeedRun = {
  readonly snapshots: readonly AlignmentSnapshot[];
  /** Of the first test sequence at each snapshot. */
  readonly example: {
    readonly sequence: PatternSequence;
    readonly alignments: readonly SoftAlignment[];
  };
};

/** Trains a bidirectional LSTM with CTC on made-up patterns and looks at the soft alignments on the way. */
export async function alignmentsThroughTraining(options: {
  hidden: number;
  steps: readonly number[];
  seed: number;
  afterStep: () => Promise<void>;
}): Promise<SeedRun> {
  const { hidden, steps, seed } = options;
  const random = new Random(seed);
  const task = new PatternTask(random);
  const testing = Array.from({ length: testSequences }, () => {
    const labels = random.shuffle(Array.from({ length: alphabet }, (_, index) => index + 1));
    return task.sequence(labels.slice(0, testLabels), random);
  });
  const architecture: NetworkArchitecture = {
    cell: 'lstm',
    bidirectional: true,
    layers: 1,
    hidden,
    inputs,
    labels: alphabet + 1,
  };
  const computer = await GradientComputer.create(architecture, { kind: 'ctc', blank: 0 });
  const optimizer = adam({ meanDecay: 0.9, squareDecay: 0.999, epsilon: 1e-8, weightDecay: 0 });
  const parameters = initialParameters(architecture, random);
  const slots = initialSlots(optimizer, parameters.length);
  const snapshots: AlignmentSnapshot[] = [];
  const exampleAlignments: SoftAlignment[] = [];
  try {
    for (let step = 0; step <= steps.at(-1)!; step++) {
      if (steps.includes(step)) {
        const alignments = await alignmentsOf(computer, parameters, testing);
        snapshots.push({ step, ...summary(alignments, testing) });
        exampleAlignments.push(alignments[0]!);
      }
      const { gradient } = await computer.compute(parameters, task.lesson(batch, random));
      for (let index = 0; index < gradient.length; index++) gradient[index]! /= batch;
      clipGradient(gradient, clipNorm);
      optimizer.update(parameters, gradient, slots, step + 1, learningRate);
      await options.afterStep();
    }
  } finally {
    await computer.release();
  }
  return { snapshots, example: { sequence: testing[0]!, alignments: exampleAlignments } };
}

async function alignmentsOf(
  computer: GradientComputer,
  parameters: Float32Array,
  sequences: readonly PatternSequence[],
): Promise<SoftAlignment[]> {
  const labels = alphabet + 1;
  const lesson = lessonOf(sequences, inputs);
  const logits = await computer.network.forward(parameters, lesson);
  return sequences.map((sequence, n) => {
    const own = Float64Array.from({ length: sequence.frames * labels }, (_, index) => {
      const t = Math.floor(index / labels);
      return logits[(t * lesson.batch + n) * labels + (index % labels)]!;
    });
    return softAlignment(own, sequence);
  });
}

function summary(
  alignments: readonly SoftAlignment[],
  sequences: readonly PatternSequence[],
): Omit<AlignmentSnapshot, 'step'> {
  const shapes = alignments.map((alignment, n) => shapeOf(alignment, sequences[n]!));
  const meanOf = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const right = alignments.filter(
    (alignment, n) => bestPathText(alignment) === sequences[n]!.labels.join(),
  );
  return {
    loss: meanOf(alignments.map(({ loss }) => loss)),
    textsRight: right.length / alignments.length,
    framesALabel: meanOf(shapes.map((shape) => shape.framesALabel)),
    width: meanOf(shapes.map((shape) => shape.width)),
    peak: meanOf(shapes.map((shape) => shape.peak)),
    blankShare: meanOf(shapes.map((shape) => shape.blankShare)),
    inPlace: meanOf(shapes.map((shape) => shape.inPlace)),
  };
}

/** The labels of the likeliest path, between commas. */
function bestPathText({ probs, frames }: SoftAlignment): string {
  const logProbs = Float32Array.from(probs, Math.log);
  return bestPath({ frames, units: alphabet + 1, logProbs }, 0).labels.join();
}

/** A snapshot of several seeds, measure by measure. */
export type OverSeeds = { readonly step: number } & Readonly<
  Record<keyof Omit<AlignmentSnapshot, 'step'>, Spread>
>;

export function overSeeds(runs: readonly SeedRun[]): OverSeeds[] {
  return runs[0]!.snapshots.map(({ step }, index) => {
    const spread = (key: keyof AlignmentSnapshot) =>
      spreadOf(runs.map(({ snapshots }) => snapshots[index]![key]));
    return {
      step,
      loss: spread('loss'),
      textsRight: spread('textsRight'),
      framesALabel: spread('framesALabel'),
      width: spread('width'),
      peak: spread('peak'),
      blankShare: spread('blankShare'),
      inPlace: spread('inPlace'),
    };
  });
}
