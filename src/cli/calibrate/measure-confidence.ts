import { vocabularyOf } from '../../alphabet/vocabulary.ts';
import type { ConfidenceMaps } from '../../decoding/calibrated-readers.ts';
import type { DecoderName } from '../../decoding/decoder.ts';
import { secondsWithoutWords } from '../../decoding/hypothesis.ts';
import { crossCalibrated, fitConfidenceMap, type Judged } from '../../evaluation/calibration.ts';
import { confidenceReport, judgeWords } from '../../evaluation/confidence.ts';
import { vocabularyWordsOf } from '../../evaluation/false-words.ts';
import { speakerHalves } from '../../evaluation/halves.ts';
import { wordsOf } from '../../evaluation/word-error-rate.ts';
import type { MeasuredConfidence } from '../../recognition/calibration-section.ts';
import type { Comparison } from '../../recognition/comparison.ts';
import type { ModelFolder } from '../../recognition/model-folder.ts';
import { decodersOf } from '../../recognition/passes.ts';
import type { ManifestRow } from '../../training/data/manifest.ts';
import { comparisonTaskOf, readingOf } from '../compare/task.ts';
import { workThroughRows } from '../evaluation/rows.ts';
import type { FoundSet } from '../model-card/measure.ts';
import { startProgress } from '../progress.ts';

/** What was right and what was not, word by word or text by text, and where it is from. */
type Sourced = Judged & {
  readonly set: string;
  readonly corpus: string;
  readonly speaker: string;
};

/** The confidences of one decoder, as it has them and mapped by a map that saw other speakers. */
export type ConfidenceOutcome = {
  readonly decoder: DecoderName;
  readonly of: 'words' | 'texts';
  readonly before: readonly Sourced[];
  readonly after: readonly Sourced[];
};

export type CalibratedConfidence = {
  readonly maps: Partial<Record<DecoderName, ConfidenceMaps>>;
  readonly outcomes: readonly ConfidenceOutcome[];
};

/**
 * Fits every decoder's confidence maps to all clips of the sets, each recording with the same weight, and
 * measures what such maps do for speakers that they have not seen: those of each half of the speakers by a
 * map from the other half.
 *
 * A word is right where the alignment with the reference says so, a text where all its words are and none is
 * missing. In sets of other speech (`falseWords`) only words of the vocabulary count on either side.
 */
export async function calibrateConfidence(
  sets: readonly FoundSet[],
  options: {
    readonly model: ModelFolder;
    readonly seed: number;
    readonly threads: number;
    readonly signal: AbortSignal;
  },
): Promise<CalibratedConfidence> {
  const { model, seed } = options;
  const decoders = decodersOf(model.manifest);
  const rows = sets.flatMap((set) => set.rows);
  const comparisons = await recognise(rows, decoders, options);
  const halfOf = speakerHalves(rows, seed);
  const maps: Partial<Record<DecoderName, ConfidenceMaps>> = {};
  const outcomes: ConfidenceOutcome[] = [];
  for (const decoder of decoders) {
    const judged = judge(sets, comparisons, decoder, model);
    maps[decoder] = { word: fitConfidenceMap(judged.words), text: fitConfidenceMap(judged.texts) };
    for (const kind of ['words', 'texts'] as const) {
      const before = judged[kind];
      outcomes.push({ decoder, of: kind, before, after: crossCalibrated(before, halfOf) });
    }
  }
  return { maps, outcomes };
}

async function recognise(
  rows: readonly ManifestRow[],
  decoders: readonly DecoderName[],
  options: Parameters<typeof calibrateConfidence>[1],
): Promise<Comparison[]> {
  const progress = startProgress('recognised', rows.length);
  try {
    return await workThroughRows(rows, {
      ...options,
      taskOf: comparisonTaskOf(options.model, decoders),
      onProgress: (done) => progress.update(done),
    });
  } finally {
    progress.stop();
  }
}

function judge(
  sets: readonly FoundSet[],
  comparisons: readonly Comparison[],
  decoder: DecoderName,
  { manifest }: ModelFolder,
): { readonly words: Sourced[]; readonly texts: Sourced[] } {
  const vocabulary = vocabularyOf(manifest.alphabet);
  const [words, texts]: [Sourced[], Sourced[]] = [[], []];
  let next = 0;
  for (const { config, rows } of sets) {
    const counted = (text: string) =>
      config.score === 'falseWords' && vocabulary !== undefined
        ? vocabularyWordsOf(text, vocabulary)
        : wordsOf(text);
    for (const { words: said, corpus, speaker } of rows) {
      const source = { set: config.name, corpus, speaker };
      const comparison = comparisons[next++]!;
      const [hypothesis] = readingOf(comparison, decoder).hypotheses;
      const { text, words: heard, confidence } = hypothesis;
      const reference = counted(said.join(' ')).join(' ');
      const printed = heard.filter(({ word }) => counted(word).length > 0);
      for (const word of judgeWords(reference, printed)) words.push({ ...word, ...source });
      const right = counted(text).join(' ') === reference;
      const seconds = secondsWithoutWords(hypothesis, comparison.durationSeconds);
      texts.push({ confidence, right, seconds, ...source });
    }
  }
  return { words, texts };
}

/** Expected calibration errors of all sets together, and of each. */
export function measuredConfidence({
  decoder,
  of,
  before,
  after,
}: ConfidenceOutcome): MeasuredConfidence[] {
  const errorOf = (judged: readonly Sourced[]) => confidenceReport(judged).calibrationError;
  const measured = (set: string, belongs: (one: Sourced) => boolean): MeasuredConfidence => {
    const [own, mapped] = [before.filter(belongs), after.filter(belongs)];
    return {
      decoder,
      of,
      set,
      count: own.length,
      right: own.filter(({ right }) => right).length,
      before: errorOf(own),
      after: errorOf(mapped),
    };
  };
  const sets = [...new Set(before.map(({ set }) => set))];
  return [
    measured('all', () => true),
    ...sets.map((name) => measured(name, ({ set }) => set === name)),
  ];
}
