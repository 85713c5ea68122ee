import type { DecoderName } from '../../decoding/decoder.ts';
import type { ConfidenceReport } from '../../evaluation/confidence.ts';
import { type FalseWords, falseWords, vocabularyWordsOf } from '../../evaluation/false-words.ts';
import { falseWordRule, wordErrorRule } from '../../evaluation/reference-slots.ts';
import { type EvaluationScores, scoreUtterances } from '../../evaluation/scores.ts';
import {
  type ComparedClip,
  comparePairs,
  type PairComparison,
  systemConfidence,
} from '../../evaluation/system-comparison.ts';
import { type Timing, timingOf } from '../../evaluation/timing.ts';
import type { EvaluatedUtterance } from '../../evaluation/utterance.ts';
import { wordsOf } from '../../evaluation/word-error-rate.ts';
import type { Comparison, Reading } from '../../recognition/comparison.ts';
import type { ModelFolder } from '../../recognition/model-folder.ts';
import type { ManifestRow } from '../../training/data/manifest.ts';
import { chooseRows, workThroughRows } from '../evaluation/rows.ts';
import { pathToShow } from '../model-card/paths.ts';
import type { SearchFlags } from '../search-flags.ts';
import { today } from '../today.ts';
import { comparisonTaskOf, readingOf } from './task.ts';

export type CorpusComparisonOptions = {
  readonly model: ModelFolder;
  readonly decoders: readonly DecoderName[];
  readonly manifests: readonly string[];
  /** `vocabulary` keeps the clips whose words are all in the model's vocabulary. */
  readonly only: 'all' | 'vocabulary';
  /** Count words that nobody said instead of all errors. */
  readonly falseWords: boolean;
  readonly search: SearchFlags;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** How many of the chosen clips are done; called first with none. */
  readonly onProgress: (done: number, total: number) => void;
};

/** What `sori compare --manifest --json` prints. */
export type CorpusComparison = {
  readonly model: string;
  readonly threads: number;
  readonly date: string;
  readonly manifests: readonly string[];
  readonly only: 'all' | 'vocabulary';
  /** Clips in the manifests, before `only` chose among them. */
  readonly clipsListed: number;
  readonly clips: number;
  readonly audioSeconds: number;
  /** All decoders and threads together. */
  readonly wallSeconds: number;
  readonly decoders: readonly DecoderReport[];
  /** Every two of the decoders. */
  readonly pairs: readonly (Omit<PairComparison, 'first' | 'second'> & {
    readonly between: readonly [DecoderName, DecoderName];
  })[];
  /** The clips whose texts are not all the same. */
  readonly differing: readonly DifferingClip[];
};

export type DecoderReport = {
  readonly decoder: DecoderName;
  readonly sha256: string;
  readonly timing: Omit<Timing, 'wallSeconds'>;
  readonly confidence: ConfidenceReport;
} & (
  | { readonly scores: EvaluationScores; readonly falseWords?: undefined }
  | { readonly scores?: undefined; readonly falseWords: readonly NamedFalseWords[] }
);

/** By corpus, and last all of them together under the name `all`. */
export type NamedFalseWords = FalseWords & { readonly name: string };

export type DifferingClip = {
  readonly clip: string;
  readonly reference: string;
  /** One a decoder, in the order of `decoders`. */
  readonly texts: readonly string[];
};

/**
 * Has every decoder recognise every clip of the manifests and compares what came of it.
 * @throws UsageError where the model has no vocabulary of words and one is asked for
 * @throws Error naming the clips that cannot be recognised: none is left out of a measurement in silence
 */
export async function compareOnCorpora(
  options: CorpusComparisonOptions,
): Promise<CorpusComparison> {
  const { model, decoders, manifests, only, threads } = options;
  const { vocabulary, rows, clipsListed } = await chooseRows(options);
  options.onProgress(0, rows.length);
  const taskOf = comparisonTaskOf(model, decoders, options.search);
  const start = performance.now();
  const comparisons = await workThroughRows(rows, { ...options, taskOf });
  const wallSeconds = (performance.now() - start) / 1000;
  const readings = comparisons.map((comparison) =>
    decoders.map((decoder) => readingOf(comparison, decoder)),
  );
  const clips = rows.map((row, index) => clipOf(row, readings[index]!));
  const counted = options.falseWords ? clips.map(within(new Set(vocabulary))) : clips;
  const pairs = comparePairs(
    counted,
    decoders.length,
    options.falseWords ? falseWordRule : wordErrorRule,
  );
  return {
    model: model.name,
    threads,
    date: today(),
    manifests,
    only,
    clipsListed,
    clips: rows.length,
    audioSeconds: comparisons.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0),
    wallSeconds,
    decoders: decoders.map((decoder, system) => {
      const utterances = utterancesOf(rows, clips, comparisons, system);
      return {
        decoder,
        sha256: readings[0]![system]!.sha256,
        timing: systemTiming(comparisons, readings, system),
        confidence: systemConfidence(counted, system),
        ...(options.falseWords
          ? { falseWords: falseWordsBySet(utterances, vocabulary) }
          : { scores: scoreUtterances(utterances, vocabulary) }),
      };
    }),
    pairs: pairs.map(({ first, second, ...pair }) => ({
      between: [decoders[first]!, decoders[second]!] as const,
      ...pair,
    })),
    differing: counted.filter(differs).map(({ clip, reference, hypotheses }) => ({
      clip,
      reference,
      texts: hypotheses.map(({ text }) => text),
    })),
  };
}

function clipOf(row: ManifestRow, readings: readonly Reading[]): ComparedClip {
  const { audioPath, offsetSeconds, words, corpus } = row;
  const part = offsetSeconds === undefined ? '' : ` from ${offsetSeconds} s`;
  return {
    clip: `${pathToShow(audioPath)}${part}`,
    reference: words.join(' '),
    corpus,
    hypotheses: readings.map(({ hypotheses }) => hypotheses[0]),
  };
}

/** Takes away all words outside the vocabulary: for the rest, nobody asks a small model. */
function within(vocabulary: ReadonlySet<string>): (clip: ComparedClip) => ComparedClip {
  const kept = (text: string) => vocabularyWordsOf(text, vocabulary).join(' ');
  return ({ reference, hypotheses, ...clip }) => ({
    ...clip,
    reference: kept(reference),
    hypotheses: hypotheses.map(({ text, words }) => ({
      text: kept(text),
      words: words.filter(({ word }) => kept(word) !== ''),
    })),
  });
}

function utterancesOf(
  rows: readonly ManifestRow[],
  clips: readonly ComparedClip[],
  comparisons: readonly Comparison[],
  system: number,
): EvaluatedUtterance[] {
  return clips.map(({ reference, corpus, hypotheses }, index) => ({
    reference,
    hypothesis: hypotheses[system]!.text,
    audioSeconds: comparisons[index]!.durationSeconds,
    corpus,
    speaker: rows[index]!.speaker,
  }));
}

function falseWordsBySet(
  utterances: readonly EvaluatedUtterance[],
  vocabulary: readonly string[],
): NamedFalseWords[] {
  const sets = [...Map.groupBy(utterances, ({ corpus }) => corpus)];
  return [...(sets.length > 1 ? sets : []), ['all', utterances] as const].map(
    ([name, members]) => ({ name, ...falseWords(members, vocabulary) }),
  );
}

/** What the decoder takes with decoding of the audio, as if it were the only one. */
function systemTiming(
  comparisons: readonly Comparison[],
  readings: readonly (readonly Reading[])[],
  system: number,
): Omit<Timing, 'wallSeconds'> {
  const clips = comparisons.map(({ durationSeconds, milliseconds }, index) => ({
    audioSeconds: durationSeconds,
    stageMilliseconds: { ...milliseconds, ...readings[index]![system]!.milliseconds },
  }));
  const { wallSeconds: _, ...timing } = timingOf(clips, 0);
  return timing;
}

function differs({ hypotheses }: ComparedClip): boolean {
  const texts = hypotheses.map(({ text }) => wordsOf(text).join(' '));
  return texts.some((text) => text !== texts[0]);
}
