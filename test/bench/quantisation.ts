/**
 * What 8-bit weights gain digits-en, and cost: CPU time of a sequence of two seconds, alone and in a batch of 8,
 * in turns with the graph as it ships; and, where `--corpora` says where they are, errors on the dev sets. First
 * with the 7 bits that `sori quantise` takes, then with all 8.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AcousticModel } from '../../src/acoustic/acoustic-model.ts';
import { evaluate } from '../../src/cli/evaluation/evaluate.ts';
import { transcriptionOptionsOf } from '../../src/cli/search-flags.ts';
import type { FeatureMatrix } from '../../src/features/feature-matrix.ts';
import { encodeModel } from '../../src/onnx/encode.ts';
import { loadModelFolder, type ModelFolder } from '../../src/recognition/model-folder.ts';
import { Recognizer } from '../../src/recognition/recognizer.ts';
import { exportGraph } from '../../src/training/network/export-graph.ts';
import { importParameters } from '../../src/training/network/import-parameters.ts';
import { quantised } from '../../src/training/network/quantise.ts';
import { type BenchContext, type BenchRow, median } from './harness.ts';
import { payloadsFor } from './service/payloads.ts';

const bench = 'quantisation';
const batches = [1, 8];
/** Sequences in one measurement. */
const sequences = 64;
/** Those with digits; speech without any is in the other one. */
const digitSets = ['fsdd', 'speech-commands', 'an4', 'speechocean762'];
const otherSet = 'librispeech';

export async function run(context: BenchContext): Promise<BenchRow[]> {
  const { corpora, log, runs } = context;
  const path = fileURLToPath(new URL('../../models/digits-en', import.meta.url));
  const folder = await loadModelFolder(path);
  const recognizer = await Recognizer.load(folder);
  const { features } = await payloadsFor(recognizer, 2);
  await recognizer.release();
  const { manifest } = folder;
  const shape = { dims: features.dims, units: manifest.alphabet.labels.length };
  const architecture = { ...manifest.ctc.architecture, inputs: shape.dims, labels: shape.units };
  const graph = exportGraph(architecture, importParameters(folder.ctc, architecture));
  const float32 = await AcousticModel.load(folder.ctc, shape);
  const before = corpora === undefined ? undefined : await errorsOf(folder, corpora);
  const rows: BenchRow[] = [];
  for (const bits of [7, 8] as const) {
    log(`  ${bits} bits`);
    const bytes = encodeModel(quantised(graph, bits));
    const model = await AcousticModel.load(bytes, shape);
    for (const batch of batches)
      rows.push({
        ...(await speedRow(model, float32, features, batch, runs)),
        case: `${bits} bits: CPU a sequence, batch ${batch}`,
      });
    await model.release();
    if (corpora === undefined || before === undefined) continue;
    const after = await errorsOf({ ...folder, ctc: bytes }, corpora);
    const changed = (100 * (after.wrongWords / before.wrongWords - 1)).toFixed(1);
    rows.push({
      bench,
      case: `${bits} bits: wrong words on dev`,
      value: after.wrongWords,
      unit: 'words',
      baseline: `float32: ${before.wrongWords}; ${changed} % more`,
    });
    rows.push({
      bench,
      case: `${bits} bits: false digits on dev`,
      value: after.falseWords,
      unit: 'words',
      baseline: `float32: ${before.falseWords}`,
    });
  }
  await float32.release();
  return rows;
}

async function speedRow(
  model: AcousticModel,
  float32: AcousticModel,
  features: FeatureMatrix,
  batch: number,
  runs: number,
): Promise<Omit<BenchRow, 'case'>> {
  const matrices = Array.from({ length: batch }, () => features);
  const millisecondsOf = async (which: AcousticModel) => {
    const before = process.cpuUsage();
    for (let done = 0; done < sequences; done += batch) await which.run(matrices);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / sequences;
  };
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = -2; run < runs; run++) {
    const [integers, floats] = [await millisecondsOf(model), await millisecondsOf(float32)];
    if (run < 0) continue;
    ours.push(integers);
    theirs.push(floats);
  }
  const [value, before] = [median(ours), median(theirs)];
  const baseline = `float32: ${before.toPrecision(3)} ms`;
  return { bench, value, unit: 'ms', baseline, ratio: before / value };
}

/** Of greedy decoding: wrong words where digits are said, and digits where none are. */
async function errorsOf(model: ModelFolder, corpora: string) {
  const manifestOf = (name: string) => join(corpora, name, 'dev.jsonl');
  const how = {
    model,
    asked: transcriptionOptionsOf('ctc_greedy'),
    threads: 1,
    signal: new AbortController().signal,
    onProgress: () => {},
  };
  const digits = await evaluate({
    ...how,
    manifests: digitSets.map(manifestOf),
    only: 'vocabulary',
    falseWords: false,
  });
  const others = await evaluate({
    ...how,
    manifests: [manifestOf(otherSet)],
    only: 'all',
    falseWords: true,
  });
  const { substitutions, deletions, insertions } = digits.scores!.total.words;
  return {
    wrongWords: substitutions + deletions + insertions,
    falseWords: others.falseWords!.count,
  };
}
