import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  crossEntropy,
  type GradientLearner,
  learnSequence,
} from '../../training/theory/learner.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { type CellName, inputs, type MethodName, methods, randomCase } from './methods.ts';

export type Memory = {
  /** Numbers that the method holds before it forgets the sequence. */
  readonly numbers: number;
  /** By which the process's typed arrays grew meanwhile, garbage collected, in bytes. */
  readonly bytes: number;
};

/** What a method holds at the end of a sequence. */
export async function memoryOf(
  method: MethodName,
  cell: CellName,
  hidden: number,
  frames: number,
  seed: number,
): Promise<Memory> {
  const { network, parameters, sequence } = randomCase(cell, hidden, frames, seed);
  const before = await arrayBytes();
  const learner: GradientLearner = methods[method](network);
  for (let t = 0; t < frames; t++) {
    const logits = learner.forward(parameters, sequence.features, t * inputs);
    learner.backward(parameters, crossEntropy(logits, sequence.targets[t]!).gradient);
  }
  const bytes = (await arrayBytes()) - before - learner.gradient.byteLength;
  return { numbers: learner.numbersKept, bytes };
}

/** Collections until what was garbage before has been given back, which happens beside the program. */
const collections = 3;

async function arrayBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let collection = 0; collection < collections; collection++) {
    collect();
    await setTimeout(5);
  }
  return process.memoryUsage().arrayBuffers;
}

/** Repetitions are at least this long, so that a tick of the clock does not count. */
const shortestSeconds = 0.05;

/**
 * Seconds a frame, forward pass and gradient, over repetitions after one that warms up: of this thread's
 * processor time, so that other work on the machine counts little.
 */
export function secondsPerFrame(
  method: MethodName,
  cell: CellName,
  hidden: number,
  frames: number,
  options: { seed: number; repetitions: number },
): Spread {
  const { network, parameters, sequence } = randomCase(cell, hidden, frames, options.seed);
  const learner = methods[method](network);
  const timed = (): number => {
    const start = process.threadCpuUsage();
    let sequences = 0;
    let seconds = 0;
    do {
      learner.gradient.fill(0);
      learnSequence(learner, parameters, sequence);
      sequences++;
      const { user, system } = process.threadCpuUsage(start);
      seconds = (user + system) / 1e6;
    } while (seconds < shortestSeconds);
    return seconds / sequences / frames;
  };
  timed();
  return spreadOf(Array.from({ length: options.repetitions }, timed));
}
