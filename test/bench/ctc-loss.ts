/**
 * The CTC loss of a batch and its gradient by the logits, on one core, beside torch's `ctc_loss` forward
 * and backward. Torch's starts from log-probabilities; the softmax and its gradient are in our time only.
 */
import { CtcLoss } from '../../src/ctc/loss.ts';
import { Random } from '../../src/math/random.ts';
import { type BenchContext, type BenchRow, runPeer, timeAgainstPeer } from './harness.ts';

/** Logits are normal deviates times `scale`; those of scale 100 have to be worked in log space. */
const cases = [
  { frames: 500, batch: 32, labels: 29, targetLength: 80, scale: 1, calls: 2 },
  { frames: 100, batch: 32, labels: 12, targetLength: 7, scale: 1, calls: 100 },
  { frames: 500, batch: 2, labels: 29, targetLength: 80, scale: 100, calls: 1 },
];

export async function run(context: BenchContext): Promise<BenchRow[]> {
  const peer = await runPeer('ctc_loss.py', [], 1);
  const rows: BenchRow[] = [];
  try {
    for (const { frames, batch, labels, targetLength, scale, calls } of cases) {
      const random = new Random(1);
      const logits = Float32Array.from(
        { length: frames * batch * labels },
        () => scale * random.gaussian(),
      );
      const lengths = new Int32Array(batch).fill(frames);
      const targets = {
        labels: Int32Array.from(
          { length: batch * targetLength },
          () => 1 + random.integer(labels - 1),
        ),
        lengths: new Int32Array(batch).fill(targetLength),
      };
      const ctc = new CtcLoss({ labels, blank: 0 });
      const gradient = new Float32Array(logits.length);
      const { seconds, peerSeconds } = await timeAgainstPeer(
        () => {
          for (let call = 0; call < calls; call++) {
            ctc.compute(logits, frames, batch, lengths, targets, gradient);
          }
        },
        context.runs,
        peer,
        [frames, batch, labels, targetLength, scale, calls].join(' '),
      );
      const scaled = scale === 1 ? '' : `, logits of scale ${scale}`;
      rows.push({
        bench: 'ctc-loss',
        case: `T = ${frames}, N = ${batch}, K = ${labels}, L = ${targetLength}${scaled}`,
        value: (1000 * seconds) / calls,
        unit: 'ms',
        ...compare(seconds, peerSeconds, calls, peer?.name),
      });
    }
  } finally {
    peer?.close();
  }
  return rows;
}

function compare(
  seconds: number,
  peerSeconds: number | undefined,
  calls: number,
  name: string | undefined,
) {
  if (peerSeconds === undefined) return { baseline: 'torch is not installed for python3' };
  return {
    baseline: `${name}, one thread: ${((1000 * peerSeconds) / calls).toPrecision(3)} ms`,
    ratio: peerSeconds / seconds,
  };
}
