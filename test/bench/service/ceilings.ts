/** What a core can do of each part alone, in this process: what no service can be faster than. */
import { AcousticModel } from '../../../src/acoustic/acoustic-model.ts';
import { FeatureExtractor } from '../../../src/features/extractor.ts';
import type { ModelFolder } from '../../../src/recognition/model-folder.ts';
import type { Recognizer } from '../../../src/recognition/recognizer.ts';
import { median } from '../harness.ts';
import type { Payloads } from './payloads.ts';

const batches = [1, 2, 4, 8, 16, 32];
/** Pieces of work timed as one, so that one is not lost among a timer's. */
const repeats = 32;
/** Until V8 has compiled what there is to compile: some 200 recordings. */
const warmUpRuns = 6;

/** What one piece of work takes: seconds that go by, and seconds of a core. */
export type Cost = { readonly seconds: number; readonly cpuSeconds: number };

export type Ceilings = {
  /** Of one extraction of features. */
  readonly features: Cost;
  /** Of the graph a sequence, by the size of the batch. */
  readonly inference: ReadonlyMap<number, Cost>;
  /** From the bytes of a WAV, and from features, to their text. */
  readonly recording: Cost;
  readonly recognition: Cost;
};

/** Medians over so many runs of so many pieces each, after runs that warm up. */
async function costOf(work: () => unknown, runs: number, pieces = repeats): Promise<Cost> {
  const costs: Cost[] = [];
  for (let run = -warmUpRuns; run < runs; run++) {
    const start = performance.now();
    const before = process.cpuUsage();
    for (let index = 0; index < pieces; index++) await work();
    const { user, system } = process.cpuUsage(before);
    const seconds = (performance.now() - start) / 1000 / pieces;
    if (run >= 0) costs.push({ seconds, cpuSeconds: (user + system) / 1e6 / pieces });
  }
  return {
    seconds: median(costs.map(({ seconds }) => seconds)),
    cpuSeconds: median(costs.map(({ cpuSeconds }) => cpuSeconds)),
  };
}

/** A request's work without the service: from the bytes of a WAV, and from features, to their text. */
export function aloneOf(recognizer: Recognizer, { wav, features }: Payloads) {
  const decoder = 'ctc_greedy';
  return {
    hear: () => recognizer.recognizeRecording(wav, { decoder, maxSeconds: 60 }),
    read: () => recognizer.recognizeFeatures(features, { decoder }),
  };
}

export async function measureCeilings(
  folder: ModelFolder,
  recognizer: Recognizer,
  payloads: Payloads,
  runs: number,
): Promise<Ceilings> {
  const { features } = payloads;
  const { features: recipe, alphabet } = folder.manifest;
  const extractor = new FeatureExtractor(recipe);
  const samples = new Float32Array(2 * recipe.sampleRateHz).map((_, n) => 0.3 * Math.sin(n));
  const shape = { dims: features.dims, units: alphabet.labels.length };
  const model = await AcousticModel.load(folder.ctc, shape);
  const inference = new Map<number, Cost>();
  for (const size of batches) {
    const batch = Array.from({ length: size }, () => features);
    const { seconds, cpuSeconds } = await costOf(() => model.run(batch), runs, repeats / size);
    inference.set(size, { seconds: seconds / size, cpuSeconds: cpuSeconds / size });
  }
  await model.release();
  const { hear, read } = aloneOf(recognizer, payloads);
  return {
    features: await costOf(() => extractor.extract(samples), runs),
    inference,
    recording: await costOf(hear, runs),
    recognition: await costOf(read, runs),
  };
}
