import { vocabularyOf } from '../../alphabet/vocabulary.ts';
import type { LabelTimes } from '../../ctc/label-times.ts';
import type { AlignerName } from '../../decoding/aligner.ts';
import { spanDifferences } from '../../evaluation/time-differences.ts';
import type { MeasuredTimes } from '../../recognition/calibration-section.ts';
import type { ModelFolder } from '../../recognition/model-folder.ts';
import { type ManifestRow, readManifest } from '../../training/data/manifest.ts';
import { textKindOf } from '../../training/data/selection.ts';
import { pairedWords } from '../align/against.ts';
import { alignClips } from '../align/clips.ts';
import type { FoundSet } from '../model-card/measure.ts';
import { startProgress } from '../progress.ts';
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
  const measured: MeasuredTimes[] = [];
  for (const { config, rows } of sets) {
    const clips = await alignBothWays(rows, options);
    const { words, start, end } = spanDifferences(clips.flat());
    measured.push({ set: config.name, words, start: { ...start }, end: { ...end } });
  }
  return measured;
}

/** The words of each clip by CTC and by the HMM; clips that either cannot align are left out. */
async function alignBothWays(rows: readonly ManifestRow[], options: TimeOptions) {
  const clips = rows.map(({ audioPath, offsetSeconds, seconds, words }) => ({
    path: audioPath,
    offsetSeconds,
    seconds,
    recording: audioPath,
    text: words.join(' '),
  }));
  const progress = startProgress('aligned', 2 * clips.length);
  const alignedBy = (method: AlignerName, before: number) =>
    alignClips(clips, {
      ...options,
      method,
      onProgress: (done) => progress.update(before + done),
    });
  try {
    return pairedWords(await alignedBy('ctc', 0), await alignedBy('hmm', clips.length));
  } finally {
    progress.stop();
  }
}
