/**
 * CTC's prefix beam search on one core, on the log-probabilities in test/golden/emissions: frames per
 * second of CPU time (as the figures that they are held against) for searching and reading out the three best,
 * exact and with the ten best labels of each frame, beside greedy decoding.
 */
import { readFileSync } from 'node:fs';
import { PrefixBeamSearch } from '../../src/ctc/beam/prefix-beam-search.ts';
import { bestPath } from '../../src/ctc/best-path.ts';
import { readNpyFloat32 } from '../reference/npy.ts';
import { type BenchContext, type BenchRow, median } from './harness.ts';

const names = ['peaky_v29', 'flat_v29', 'digits_v12'] as const;
const beamWidths = [10, 25, 100];
/** Times that one measurement goes through all utterances. */
const passes = 5;

/** Frames a second of C++ decoders on peaky_v29, the faster of the two, on a core of another machine. */
const others: Readonly<Record<string, { name: string; rate: number }>> = {
  '10 exact': { name: 'flashlight', rate: 49_000 },
  '25 exact': { name: 'flashlight', rate: 17_000 },
  '100 exact': { name: 'flashlight', rate: 3_700 },
  '10 pruned': { name: 'parlance/ctcdecode', rate: 123_000 },
  '25 pruned': { name: 'parlance/ctcdecode', rate: 46_000 },
  '100 pruned': { name: 'parlance/ctcdecode', rate: 8_900 },
};

type Emissions = {
  readonly name: string;
  readonly units: number;
  readonly frames: number;
  readonly utterances: readonly Float32Array[];
};

export async function run(context: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const name of names) rows.push(...searchRows(load(name), context));
  return rows;
}

function load(name: string): Emissions {
  const url = new URL(`../golden/emissions/${name}.npy`, import.meta.url);
  const { shape, values } = readNpyFloat32(readFileSync(url));
  const [count, frames, units] = shape as [number, number, number];
  const size = frames * units;
  const utterances = Array.from({ length: count }, (_, u) =>
    values.slice(u * size, (u + 1) * size),
  );
  return { name, units, frames, utterances };
}

function searchRows(emissions: Emissions, { runs }: BenchContext): BenchRow[] {
  const frames = passes * emissions.utterances.length * emissions.frames;
  const greedy = frames / cpuSeconds(() => readGreedily(emissions), runs);
  const rows: BenchRow[] = [];
  for (const pruning of ['exact', 'pruned'] as const) {
    for (const beamWidth of beamWidths) {
      const labelsPerFrame = pruning === 'exact' ? undefined : 10;
      const search = () => searchAll(emissions, { beamWidth, labelsPerFrame });
      const rate = frames / cpuSeconds(search, runs);
      const other = emissions.name === 'peaky_v29' ? others[`${beamWidth} ${pruning}`] : undefined;
      const beside = `greedy ${Math.round(greedy)} frames/s`;
      rows.push({
        bench: 'ctc-beam',
        case: `${emissions.name} beam=${beamWidth} ${pruning === 'exact' ? 'exact' : 'ten labels a frame'}`,
        value: rate,
        unit: 'frames/s',
        ...(other === undefined
          ? { baseline: beside, ratio: rate / greedy }
          : {
              baseline: `${other.name} (C++), measured on another machine: ${other.rate} frames/s; ${beside}`,
              ratio: rate / other.rate,
            }),
      });
    }
  }
  return rows;
}

/** Median seconds of CPU time of `work` over `runs` calls, after two that warm up. */
function cpuSeconds(work: () => void, runs: number): number {
  for (let warmUp = 0; warmUp < 2; warmUp++) work();
  const seconds = Array.from({ length: runs }, () => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  });
  return median(seconds);
}

function searchAll(
  { units, frames, utterances }: Emissions,
  options: ConstructorParameters<typeof PrefixBeamSearch>[1],
): void {
  const search = new PrefixBeamSearch({ labels: units, silent: [0] }, options);
  for (let pass = 0; pass < passes; pass++) {
    for (const logProbs of utterances) {
      search.reset();
      search.advance(logProbs, frames);
      search.hypotheses(3);
    }
  }
}

function readGreedily({ units, frames, utterances }: Emissions): void {
  for (let pass = 0; pass < passes; pass++) {
    for (const logProbs of utterances) bestPath({ frames, units, logProbs }, 0);
  }
}
