import { join } from 'node:path';
import type { Command } from 'commander';
import type { DecoderName } from '../decoding/decoder.ts';
import { loadModelFolder, type ModelFolder } from '../recognition/model-folder.ts';
import type { MeasuredErrorRate, ModelManifest } from '../recognition/model-manifest.ts';
import type { DevSetConfig, TrainingConfiguration } from '../training/configuration.ts';
import { writeModelManifest } from '../training/export-model.ts';
import { UsageError } from './failures.ts';
import { stoppable } from './interrupt.ts';
import { checkLabels } from './model-card/check-labels.ts';
import { measureDevSets } from './model-card/measure.ts';
import { isMet, shownGoal, shownRate } from './model-card/rates.ts';
import { writeReadme } from './model-card/write.ts';
import { type Progress, startProgress } from './progress.ts';
import { threadsOption } from './recognition.ts';
import { alignColumns } from './table.ts';
import { readTrainingConfiguration } from './training-configuration.ts';

type CardFlags = {
  readonly corpora?: string[];
  readonly configuration?: string;
  readonly threads: number;
  readonly json?: true;
};

export function register(program: Command): void {
  program
    .command('card')
    .description('measure a model on its dev sets and write its card: model.json and README.md')
    .argument('<folder>', 'the model’s folder')
    .option('--corpora <folders...>', 'folders below which the dev sets’ manifests are found')
    .option(
      '--configuration <json>',
      'the training configuration that names the dev sets (default: training.json in the folder)',
    )
    .addOption(threadsOption())
    .option('--json', 'the rates as one JSON object')
    .addHelpText(
      'after',
      `
Every dev set of the training configuration is recognised from its recordings, as requests are, by greedy
decoding, by the beam and, where the model has them, by the HMM, whose goal is twice the errors of the
first, and by the hybrid, which has none. The rates replace those in the card of model.json; its notes
stay. Without --corpora nothing is measured: README.md is written anew from model.json as it is.

Examples:
  $ sori card models/digits-en --corpora corpora
  $ sori card models/digits-en`,
    )
    .action(writeCard);
}

async function writeCard(folder: string, flags: CardFlags): Promise<void> {
  const { corpora } = flags;
  if (corpora === undefined && flags.configuration !== undefined)
    throw new UsageError('--configuration says what to measure: it needs --corpora');
  const model = await loadModelFolder(folder);
  const manifest =
    corpora === undefined
      ? model.manifest
      : await stoppable((signal) => measure(folder, model, { ...flags, corpora, signal }));
  await writeReadme(folder, manifest);
  const errorRates = manifest.card?.errorRates ?? [];
  if (flags.json) {
    const { name, ctc } = manifest;
    console.log(JSON.stringify({ model: { name, sha256: ctc.sha256 }, errorRates }));
  } else console.log(ratesText(errorRates));
}

type MeasureFlags = CardFlags & {
  readonly corpora: readonly string[];
  readonly signal: AbortSignal;
};

/** Measures every dev set and, when all are done, writes the rates into model.json. */
async function measure(
  folder: string,
  model: ModelFolder,
  flags: MeasureFlags,
): Promise<ModelManifest> {
  if (model.manifest.card === undefined)
    throw new Error(`${join(folder, 'model.json')} has no card to write error rates into`);
  const configuration = await readTrainingConfiguration(
    flags.configuration ?? join(folder, 'training.json'),
  );
  checkLabels(configuration, model);
  const errorRates = await measureWithProgress(configuration, folder, model, flags);
  // Measuring takes minutes, in which someone may have written a note into model.json.
  const { manifest } = await loadModelFolder(folder);
  if (manifest.ctc.sha256 !== model.manifest.ctc.sha256 || manifest.card === undefined)
    throw new Error(`${folder} holds another model than the one that was measured`);
  const measured = { ...manifest, card: { ...manifest.card, errorRates } };
  await writeModelManifest(folder, measured);
  return measured;
}

/** By each decoder in turn; the others are held against what greedy decoding reached. */
async function measureWithProgress(
  { devSets }: TrainingConfiguration,
  folder: string,
  model: ModelFolder,
  { corpora, threads, signal }: MeasureFlags,
): Promise<MeasuredErrorRate[]> {
  const measureBy = async (decoder: DecoderName, sets: readonly DevSetConfig[]) => {
    let progress: Progress | undefined;
    try {
      return await measureDevSets(sets, {
        model,
        decoder,
        folder,
        corporaRoots: corpora,
        threads,
        signal,
        onProgress: (done, total) => {
          progress ??= startProgress(decoder, total);
          progress.update(done);
        },
      });
    } finally {
      progress?.stop();
    }
  };
  const greedy = await measureBy('ctc_greedy', devSets);
  const within = (factor: number) =>
    devSets.map((set, index): DevSetConfig => {
      const rate = greedy[index]!;
      return rate.score === 'wordErrors' ? { ...set, goal: factor * rate.wordErrorRate } : set;
    });
  const withoutGoals = devSets.map(({ goal: _, ...set }): DevSetConfig => set);
  const beam = await measureBy('ctc_beam', within(1));
  const hmm = model.hmm === undefined ? [] : await measureBy('hmm', within(2));
  const hybrid = model.hybrid === undefined ? [] : await measureBy('hybrid', withoutGoals);
  return [...greedy, ...beam, ...hmm, ...hybrid];
}

function ratesText(rates: readonly MeasuredErrorRate[]): string {
  return alignColumns([
    ['set', 'decoder', 'clips', 'minutes', 'words', 'rate', 'goal', 'met'],
    ...rates.map((rate) => {
      const met = isMet(rate);
      return [
        rate.set,
        rate.decoder,
        String(rate.clips),
        rate.minutes.toFixed(1),
        rate.score === 'wordErrors' ? String(rate.words) : '',
        rate.score === 'wordErrors' ? shownRate(rate) : `${shownRate(rate)} a minute`,
        shownGoal(rate) ?? '',
        met === undefined ? '' : met ? 'yes' : 'no',
      ];
    }),
  ]).join('\n');
}
