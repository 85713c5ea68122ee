import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { vocabularyOf } from '../alphabet/vocabulary.ts';
import type { LabelTimes } from '../ctc/label-times.ts';
import type { Calibration, CalibrationCard } from '../recognition/calibration-section.ts';
import { loadModelFolder, type ModelFolder } from '../recognition/model-folder.ts';
import type { TrainingConfiguration } from '../training/configuration.ts';
import { findBelow } from '../training/data/load.ts';
import { round, writeModelManifest } from '../training/export-model.ts';
import { writeWhole } from '../training/write-whole.ts';
import { calibrationText } from './calibrate/calibration-text.ts';
import { calibrateConfidence, measuredConfidence } from './calibrate/measure-confidence.ts';
import { learnTimes, measureTimes, withTimes } from './calibrate/measure-times.ts';
import { reliabilityPlot } from './calibrate/reliability-plot.ts';
import { stoppable } from './interrupt.ts';
import { checkLabels } from './model-card/check-labels.ts';
import { type FoundSet, findSet } from './model-card/measure.ts';
import { pathToShow } from './model-card/paths.ts';
import { writeReadme } from './model-card/write.ts';
import { wholeNumber } from './options.ts';
import { threadsOption } from './recognition.ts';
import { today } from './today.ts';
import { readTrainingConfiguration } from './training-configuration.ts';

type CalibrateFlags = {
  readonly corpora: string[];
  readonly configuration?: string;
  readonly seed: number;
  readonly threads: number;
  readonly json?: true;
};

/** Beside model.json. */
const plotFile = 'reliability.svg';

export function register(program: Command): void {
  program
    .command('calibrate')
    .description('learn when a model says its labels and what its confidences are worth')
    .argument('<folder>', 'the model’s folder')
    .requiredOption('--corpora <folders...>', 'folders below which the manifests are found')
    .option(
      '--configuration <json>',
      'the training configuration that names them (default: training.json in the folder)',
    )
    .option('--seed <number>', 'parts the speakers in halves', wholeNumber(0, 2 ** 31), 1)
    .addOption(threadsOption())
    .option('--json', 'what was written, as one JSON object')
    .addHelpText(
      'after',
      `
Times: where the model has an HMM, its alignments of training clips (of those manifests of the configuration's
corpora that are found) teach how far words reach beyond CTC's labels; the dev sets tell how far word times then
lie from the HMM's.

Confidences: every decoder recognises every dev set. What makes probabilities of its confidences is fitted to
all of them, a recording as much as any other, and measured on half of the speakers by what the other half
teaches, and the reverse.

All of it is written into model.json and README.md, and a reliability plot beside them (${plotFile}).

Examples:
  $ sori calibrate models/digits-en --corpora corpora`,
    )
    .action(calibrate);
}

async function calibrate(folder: string, flags: CalibrateFlags): Promise<void> {
  const model = await loadModelFolder(folder);
  const configuration = await readTrainingConfiguration(
    flags.configuration ?? join(folder, 'training.json'),
  );
  checkLabels(configuration, model);
  const { calibration, plot } = await stoppable((signal) =>
    measure(folder, model, configuration, { ...flags, signal }),
  );
  // Measuring takes minutes, in which someone may have written a note into model.json.
  const { manifest } = await loadModelFolder(folder);
  if (!isSameModel(manifest, model.manifest))
    throw new Error(`${folder} holds another model than the one that was measured`);
  await writeWhole(join(folder, plotFile), plot);
  await writeModelManifest(folder, { ...manifest, calibration });
  await writeReadme(folder, { ...manifest, calibration });
  console.log(flags.json ? JSON.stringify(calibration) : calibrationText(calibration.card!));
}

function isSameModel(one: ModelFolder['manifest'], other: ModelFolder['manifest']): boolean {
  return (
    one.ctc.sha256 === other.ctc.sha256 &&
    one.hmm?.graph.sha256 === other.hmm?.graph.sha256 &&
    one.hmm?.definition.sha256 === other.hmm?.definition.sha256 &&
    one.hybrid?.graph.sha256 === other.hybrid?.graph.sha256 &&
    one.hybrid?.definition.sha256 === other.hybrid?.definition.sha256
  );
}

type Measuring = CalibrateFlags & { readonly signal: AbortSignal };

async function measure(
  folder: string,
  model: ModelFolder,
  configuration: TrainingConfiguration,
  options: Measuring,
): Promise<{ readonly calibration: Calibration; readonly plot: string }> {
  const { corpora, seed } = options;
  const vocabulary = vocabularyOf(model.manifest.alphabet);
  const sets: FoundSet[] = [];
  for (const set of configuration.devSets) sets.push(await findSet(set, corpora, vocabulary));
  const timed =
    model.hmm === undefined ? undefined : await calibrateTimes(model, configuration, sets, options);
  const confidence = await calibrateConfidence(sets, {
    ...options,
    model: withTimes(model, timed?.times),
  });
  const card: CalibrationCard = {
    date: today(),
    seed,
    command: `sori calibrate ${pathToShow(folder)} --corpora ${corpora.map(pathToShow).join(' ')}`,
    ...(timed !== undefined && { times: timed.card }),
    confidence: confidence.outcomes.flatMap(measuredConfidence),
    plot: plotFile,
  };
  const times = timed?.times;
  return {
    calibration: shortened({
      ...(times !== undefined && { times }),
      confidence: confidence.maps,
      card,
    }),
    plot: reliabilityPlot(model.name, confidence.outcomes),
  };
}

async function calibrateTimes(
  model: ModelFolder,
  configuration: TrainingConfiguration,
  sets: readonly FoundSet[],
  { corpora, threads, signal }: Measuring,
): Promise<{
  readonly times: LabelTimes | undefined;
  readonly card: NonNullable<CalibrationCard['times']>;
}> {
  const manifests = await foundManifests(configuration, corpora);
  const { times, words } = await learnTimes(manifests, { model, threads, signal });
  const measured = await measureTimes(
    sets.filter(({ config }) => config.score === 'wordErrors'),
    { model: withTimes(model, times), threads, signal },
  );
  return { times, card: { manifests: manifests.map(pathToShow), words, measured } };
}

/** The manifests of the configuration's corpora that are below the folders: not everybody has all. */
async function foundManifests(
  { corpora }: TrainingConfiguration,
  roots: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const manifest of corpora.flatMap(({ manifests }) => manifests)) {
    const path = await findBelow(roots, manifest).catch(() => undefined);
    if (path !== undefined) found.push(resolve(path));
  }
  if (found.length === 0)
    throw new Error(`none of the configuration's corpora is below ${roots.join(', ')}`);
  return found;
}

const digits = 4;

/** The same with four digits behind the points of all its numbers: more than the data can tell. */
function shortened<Value>(value: Value): Value {
  const text = JSON.stringify(value, (_, part) =>
    typeof part === 'number' ? round(part, digits) : part,
  );
  return JSON.parse(text);
}
