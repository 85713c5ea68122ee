import { vocabularyOf } from '../../alphabet/vocabulary.ts';
import type { ModelFolder } from '../../recognition/model-folder.ts';
import type { Answers, RecognitionTask, TaskKind } from '../../recognition/worker-protocol.ts';
import { type ManifestRow, readManifest } from '../../training/data/manifest.ts';
import { UsageError } from '../failures.ts';
import { workThroughRecordings } from '../recording-tasks.ts';

export type ChosenRows = {
  /** The model's, in its order; empty where its labels are characters. */
  readonly vocabulary: readonly string[];
  readonly rows: readonly ManifestRow[];
  /** Clips in the manifests, before `only` chose among them. */
  readonly clipsListed: number;
};

/**
 * The clips of the manifests that are to be measured.
 * @param only `vocabulary` keeps the clips that have words, all of them in the model's vocabulary
 * @throws UsageError where the model has no vocabulary of words and one is asked for
 * @throws Error where no clip is left
 */
export async function chooseRows(options: {
  readonly model: ModelFolder;
  readonly manifests: readonly string[];
  readonly only: 'all' | 'vocabulary';
  readonly falseWords: boolean;
}): Promise<ChosenRows> {
  const { model, manifests, only } = options;
  const vocabulary = [...(vocabularyOf(model.manifest.alphabet) ?? [])];
  if (vocabulary.length === 0 && (only === 'vocabulary' || options.falseWords))
    throw new UsageError(`model ${model.name} has labels of characters, not a vocabulary of words`);
  const read = await Promise.all(manifests.map(readManifest));
  const listed = read.flatMap(({ rows }) => rows);
  const rows = only === 'vocabulary' ? listed.filter(within(vocabulary)) : listed;
  if (rows.length === 0)
    throw new Error(
      `none of the ${listed.length} clips of ${manifests.join(', ')} is to be evaluated`,
    );
  return { vocabulary, rows, clipsListed: listed.length };
}

/** Whether a clip has words and all of them are in the vocabulary. */
function within(vocabulary: readonly string[]): (row: ManifestRow) => boolean {
  const known = new Set(vocabulary);
  return ({ words }) => words.length > 0 && words.every((word) => known.has(word));
}

const faultsShown = 20;

/**
 * Does a task with the clip of every row, as clients' recordings are.
 * @throws Error naming the clips that fail: none is left out of a measurement in silence
 */
export async function workThroughRows<Kind extends TaskKind>(
  rows: readonly ManifestRow[],
  options: {
    readonly model: ModelFolder;
    readonly threads: number;
    readonly signal: AbortSignal;
    readonly onProgress: (done: number, total: number) => void;
    readonly taskOf: (bytes: Uint8Array, index: number) => RecognitionTask & { kind: Kind };
  },
): Promise<Answers[Kind]['result'][]> {
  const { onProgress } = options;
  const results = new Array<Answers[Kind]['result']>(rows.length);
  const faults: string[] = [];
  let done = 0;
  const parts = rows.map(({ audioPath, offsetSeconds, seconds }) => ({
    path: audioPath,
    offsetSeconds,
    seconds,
  }));
  await workThroughRecordings<Kind>(parts, {
    ...options,
    onOutcome: (index, outcome) => {
      if (outcome.error === undefined) results[index] = outcome.result;
      else faults.push(`  ${parts[index]!.path}: ${outcome.error.message}`);
      done++;
      onProgress(done, rows.length);
    },
  });
  if (faults.length > 0) {
    const more = faults.length > faultsShown ? [`  and ${faults.length - faultsShown} more`] : [];
    const list = [...faults.slice(0, faultsShown), ...more].join('\n');
    throw new Error(`${faults.length} of ${rows.length} clips cannot be recognised:\n${list}`);
  }
  return results;
}
