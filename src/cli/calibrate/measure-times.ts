import { vocabularyOf } from '../../alphabet/vocabulary.ts';
import type { LabelTimes } from '../../ctc/label-times.ts';
import type { AlignedWord, AlignerName } from '../../decoding/aligner.ts';
import { spanDifferences } from '../../evaluation/time-differences.ts';
import type { MeasuredTimes } from '../../recognition/calibration-section.ts';
import type { ModelFolder } from '../../recognition/model-folder.ts';
import { type ManifestRow, readManifest } from '../../training/data/manifest.ts';
import { textKindOf } from '../../training/data/selection.ts';
import type { FoundSet } from '../model-card/measure.ts';
import { startProgress } from '../progress.ts';
import { workThroughRecordings } from '../recording-tasks.ts';
import { learnLabelTimes, timedWords } from './label-times.ts';

export type TimeOptions = {
  readonly model: ModelFolder;
  readonly threads: number;
  readonly signal: AbortSignal;
};

/** Clips of one manifest that times are learned from: as many as give every label hundreds of words. */
const mostClips = 400;

/** The model with other label times, and confidences as its decoders have them. */
export function withTimes(model: ModelFolder, times: LabelTimes | undefined): ModelFolder {
  const calibration = times && { times, confidence: {} };
  return { ...model, manifest: { ...model.manifest, calibration } };
}

/**
 * Learns when the network says its labels, from what the HMM's alignment makes of the same recordings.
 * @param manifests of clips that the model was trained on
 */
export async function learnTimes(
  manifests: readonly string[],
  options: TimeOptions,
): Promise<{ readonly times: LabelTimes | undefined; readonly words: number }> {
  const { alphabet } = options.model.manifest;
  const vocabulary = vocabularyOf(alphabet);
  const rows: ManifestRow[] = [];
  for (const path of manifests) {
    const manifest = await readManifest(path);
    const inside = manifest.rows.filter((row) => textKindOf(row.words, vocabulary) === 'inside');
    const every = Math.max(1, Math.ceil(inside.length / mostClips));
    rows.push(...inside.filter((_, index) => index % every === 0));
  }
  // A word that reaches nowhere is what is between the middles of its labels.
  const bare = withTimes(options.model, { labels: {}, others: { start: 0, end: 0 } });
  const clips = await alignBothWays(rows, { ...options, model: bare });
  const words = clips.flatMap(timedWords);
  return { times: learnLabelTimes(words, alphabet), words: words.length };
}

/** How far CTC's word times lie from the HMM's on each set. */
export async function measureTimes(
  sets: readonly FoundSet[],
  options: TimeOptions,
): Promise<MeasuredTimes[]> {
  const clips = await alignBothWays(
    sets.flatMap(({ rows }) => rows),
    options,
  );
  let first = 0;
  return sets.map(({ config, rows: { length } }) => {
    const own = clips.slice(first, first + length);
    first += length;
    return { set: config.name, ...spanDifferences(own.flat()) };
  });
}

const methods: readonly AlignerName[] = ['ctc', 'hmm'];

/** For each row its words by CTC and by the HMM, in pairs; none where either cannot align them. */
async function alignBothWays(
  rows: readonly ManifestRow[],
  options: TimeOptions,
): Promise<(readonly [AlignedWord, AlignedWord])[][]> {
  const { model } = options;
  const tasks = rows.flatMap((row) => methods.map((method) => ({ row, method })));
  const found: (readonly AlignedWord[] | undefined)[] = [];
  const progress = startProgress('aligned', tasks.length);
  let done = 0;
  try {
    await workThroughRecordings<'alignment'>(
      tasks.map(({ row: { audioPath, offsetSeconds, seconds } }) => ({
        ...{ path: audioPath, offsetSeconds, seconds },
      })),
      {
        ...options,
        taskOf: (bytes, index) => {
          const { row, method } = tasks[index]!;
          const text = row.words.join(' ');
          const asked = { model: model.name, text, method, include: [] };
          return { kind: 'alignment', encoding: 'recording', bytes, options: asked };
        },
        onOutcome: (index, { result }) => {
          found[index] = result?.alignment.words;
          progress.update(++done);
        },
      },
    );
  } finally {
    progress.stop();
  }
  return rows.map((_, index) => {
    const [marked, heard] = [found[2 * index], found[2 * index + 1]];
    if (marked === undefined || heard === undefined) return [];
    return marked.map((word, place) => [word, heard[place]!] as const);
  });
}
