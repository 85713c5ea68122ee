import { type Command, Option } from 'commander';
import { type AlignerName, alignerNames } from '../decoding/aligner.ts';
import { wordsOf } from '../evaluation/word-error-rate.ts';
import { usualAligner } from '../recognition/passes.ts';
import { writeWhole } from '../training/write-whole.ts';
import { compareMethods, comparisonText } from './align/against.ts';
import {
  type AlignedClips,
  alignClips,
  type ClipToAlign,
  clipOfFile,
  clipsOfManifest,
} from './align/clips.ts';
import {
  type AlignmentFormat,
  alignmentFormats,
  inOneText,
  writeTextGrids,
} from './align/output.ts';
import { alignedText } from './align/text.ts';
import { UsageError } from './failures.ts';
import { stoppable } from './interrupt.ts';
import { type Progress, startProgress } from './progress.ts';
import { modelOption, openModel, threadsOption } from './recognition.ts';

type AlignFlags = {
  readonly model?: string;
  readonly method?: AlignerName;
  readonly against?: AlignerName;
  readonly text?: string;
  readonly manifest?: string;
  readonly only: 'all' | 'vocabulary';
  readonly states?: true;
  readonly format?: AlignmentFormat;
  readonly json?: true;
  readonly out?: string;
  readonly threads: number;
};

export function register(program: Command): void {
  program
    .command('align')
    .description('find when each word of a known text was said')
    .argument('[file]', 'recording')
    .addOption(modelOption())
    .addOption(
      new Option(
        '--method <name>',
        'how: by the network’s labels or by the HMM; by default by the HMM where the model has one',
      ).choices(alignerNames),
    )
    .option('--text <words>', 'what was said in the recording')
    .option('--manifest <jsonl>', 'clips with their texts')
    .addOption(
      new Option(
        '--only <which>',
        'every clip of the manifest, or those whose words are all in the vocabulary',
      )
        .choices(['all', 'vocabulary'])
        .default('all'),
    )
    .option('--states', 'the units of each word and their states too')
    .addOption(
      new Option(
        '--format <name>',
        'JSON, an object a line; NIST’s CTM; or Praat’s TextGrid; of a manifest json by default',
      ).choices(alignmentFormats),
    )
    .addOption(new Option('--json', 'short for --format json').conflicts('format'))
    .option('--out <path>', 'where to write; a folder where a manifest becomes TextGrids')
    .addOption(
      new Option(
        '--against <name>',
        'how far the words of a manifest lie from where this method finds them, in place of their times',
      )
        .choices(alignerNames)
        .conflicts(['format', 'states', 'out']),
    )
    .addOption(threadsOption())
    .addHelpText(
      'after',
      `
Times are seconds from the start of the recording, also where a manifest's clip is a part of one. A clip
that cannot be aligned (a word that the model does not know, more words than there is time for) is
reported on standard error, the others are still done, and the exit code is 1.

Examples:
  $ sori align call.wav --text "three oh seven"
  $ sori align call.wav --text "three oh seven" --states --format textgrid --out call.TextGrid
  $ sori align --manifest corpora/an4/dev.jsonl --only vocabulary --format ctm --out an4.ctm
  $ sori align --manifest corpora/an4/dev.jsonl --only vocabulary --method ctc --against hmm`,
    )
    .action(align);
}

async function align(file: string | undefined, flags: AlignFlags): Promise<void> {
  const byDefault = flags.manifest === undefined ? undefined : 'json';
  const format = flags.json ? 'json' : (flags.format ?? byDefault);
  checkUsage(file, flags, format);
  const [found, other] = await stoppable((signal) => alignWithProgress(file, flags, signal));
  const { aligned, faults } = found!;
  for (const { path, message } of faults) process.stderr.write(`error: ${path}: ${message}\n`);
  if (faults.length > 0) process.exitCode = 1;
  if (other !== undefined) {
    const comparison = compareMethods(found!, other);
    console.log(flags.json ? JSON.stringify(comparison) : comparisonText(comparison));
    return;
  }
  const states = flags.states === true;
  const { out } = flags;
  if (format === 'textgrid' && flags.manifest !== undefined) {
    await writeTextGrids(out!, aligned, states);
  } else if (aligned.length > 0) {
    const text =
      format === undefined
        ? `${alignedText(aligned[0]!, states)}\n`
        : inOneText(aligned, format, states);
    if (out === undefined) process.stdout.write(text);
    else await writeWhole(out, text);
  }
}

/** @throws UsageError where flags do not go together */
function checkUsage(
  file: string | undefined,
  { manifest, text, only, out, states, against }: AlignFlags,
  format: AlignmentFormat | undefined,
): void {
  if ((file === undefined) === (manifest === undefined))
    throw new UsageError('expected a recording or --manifest, one of the two');
  if (file !== undefined && (text === undefined || wordsOf(text).length === 0))
    throw new UsageError('expected --text with at least one word');
  if (manifest !== undefined && text !== undefined)
    throw new UsageError('--text is about one recording; a manifest has its texts');
  if (manifest === undefined && only === 'vocabulary')
    throw new UsageError('--only is about manifests');
  if (manifest === undefined && against !== undefined)
    throw new UsageError('--against is about the words of a manifest');
  if (manifest !== undefined && format === 'textgrid' && out === undefined)
    throw new UsageError('a TextGrid is about one clip: expected --out with a folder for them');
  if (states && format === 'ctm') throw new UsageError('CTM has words alone: no --states');
}

/** By the method that is asked for, and by the one that it is held against. */
async function alignWithProgress(
  file: string | undefined,
  { manifest, text, only, threads, ...flags }: AlignFlags,
  signal: AbortSignal,
): Promise<AlignedClips[]> {
  let progress: Progress | undefined;
  try {
    const model = await openModel(flags.model);
    const clips: readonly ClipToAlign[] =
      manifest === undefined
        ? [clipOfFile(file!, text!)]
        : await clipsOfManifest(model, manifest, only);
    const methods = [flags.method ?? usualAligner(model.manifest)];
    if (flags.against !== undefined) methods.push(flags.against);
    if (manifest !== undefined) progress = startProgress('clips', methods.length * clips.length);
    const found: AlignedClips[] = [];
    for (const method of methods) {
      const before = found.length * clips.length;
      const onProgress = (done: number) => progress?.update(before + done);
      found.push(await alignClips(clips, { model, method, threads, signal, onProgress }));
    }
    return found;
  } finally {
    progress?.stop();
  }
}
