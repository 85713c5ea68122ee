/**
 * One training step of a 2 × 128 bidirectional LSTM with CTC (forward, loss, back-propagation through
 * time, clipping, Adam), on one core and, in two shards, on two, beside the same step in torch with as
 * many threads.
 */
import { Random } from '../../src/math/random.ts';
import { GradientPool } from '../../src/training/gradient-pool.ts';
import { initialParameters } from '../../src/training/network/parameters.ts';
import { adam } from '../../src/training/optimizer/adam.ts';
import { clipGradient } from '../../src/training/optimizer/clipping.ts';
import { initialSlots } from '../../src/training/optimizer/optimizer.ts';
import { type BenchContext, type BenchRow, runPeer, timeAgainstPeer } from './harness.ts';

const frames = 100;
const batch = 32;
const targetLength = 20;
const architecture = {
  cell: 'lstm',
  bidirectional: true,
  layers: 2,
  hidden: 128,
  inputs: 80,
  labels: 30,
} as const;

export async function run(context: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const cores of [1, 2]) rows.push(await timeStep(context, cores));
  return rows;
}

async function timeStep(context: BenchContext, cores: number): Promise<BenchRow> {
  const { inputs, hidden, layers, labels } = architecture;
  const random = new Random(1);
  const pool = await GradientPool.create(architecture, { kind: 'ctc', blank: 0 }, cores);
  const optimizer = adam({ meanDecay: 0.9, squareDecay: 0.999, epsilon: 1e-8, weightDecay: 0 });
  const parameters = initialParameters(architecture, random);
  const slots = initialSlots(optimizer, parameters.length);
  const features = Float32Array.from({ length: frames * batch * inputs }, () => random.gaussian());
  const lengths = new Int32Array(batch).fill(frames);
  const targets = {
    labels: Int32Array.from({ length: batch * targetLength }, () => 1 + random.integer(labels - 1)),
    lengths: new Int32Array(batch).fill(targetLength),
  };
  let steps = 0;
  const step = async () => {
    const lesson = { frames, batch, features, lengths, targets };
    const { gradient } = await pool.compute(parameters, lesson);
    clipGradient(gradient, 5);
    optimizer.update(parameters, gradient, slots, ++steps, 1e-3);
  };
  const peer = await runPeer('training_step.py', [String(cores)], cores);
  const command = [frames, batch, inputs, hidden, layers, labels, targetLength].join(' ');
  const { seconds, peerSeconds } = await timeAgainstPeer(step, context.runs, peer, command);
  peer?.close();
  await pool.release();
  return {
    bench: 'training-step',
    case: `2 × 128 BLSTM + CTC, D = ${inputs}, T = ${frames}, N = ${batch}, ${cores} core${cores > 1 ? 's' : ''}`,
    value: 1000 * seconds,
    unit: 'ms',
    ...(peerSeconds === undefined
      ? { baseline: 'torch is not installed for python3' }
      : {
          baseline: `${peer?.name}: ${(1000 * peerSeconds).toPrecision(3)} ms`,
          ratio: peerSeconds / seconds,
        }),
  };
}
