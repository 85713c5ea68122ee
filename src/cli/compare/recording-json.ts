import type { HypothesisWord } from '../../decoding/hypothesis.ts';
import { SoriError } from '../../errors.ts';
import type { Comparison, Reading } from '../../recognition/comparison.ts';
import type { ReferenceScore } from '../../recognition/reference-score.ts';
import type { StageTimes } from '../../recognition/staged-run.ts';
import type { TaskOutcome } from '../recording-tasks.ts';

/** A line for programs: what the comparisons of the HTTP service say, under the same names. */
export function recordingJson(
  file: string,
  model: string,
  { result, error }: TaskOutcome<'comparison'>,
): string {
  if (error !== undefined) {
    const code = error instanceof SoriError ? error.code : null;
    return JSON.stringify({ file, error: { code, message: error.message } });
  }
  return JSON.stringify({ file, model, ...comparisonJson(result) });
}

function comparisonJson(comparison: Comparison) {
  const { durationSeconds, readings, pairs, agreement, milliseconds } = comparison;
  return {
    duration: durationSeconds,
    decoders: readings.map((reading) => ('error' in reading ? reading : readingJson(reading))),
    alignments: pairs.map(({ between, words }) => ({
      between,
      words: words.map(({ first, second, same }) => ({
        a: first && wordJson(first),
        b: second && wordJson(second),
        same,
      })),
    })),
    agreement: agreement ?? null,
    timings: timingsJson(milliseconds),
  };
}

function readingJson({ decoder, sha256, hypotheses, milliseconds, errors }: Reading) {
  const { text, words, confidence, score, scoreParts } = hypotheses[0];
  return {
    decoder,
    sha256,
    text,
    confidence,
    score,
    score_parts: scoreParts,
    words: words.map(wordJson),
    timings: timingsJson(milliseconds),
    ...(errors !== undefined && { error_rates: errorsJson(errors) }),
  };
}

function wordJson({ word, startSeconds, endSeconds, confidence }: HypothesisWord) {
  return { word, start: startSeconds, end: endSeconds, confidence };
}

function timingsJson(milliseconds: StageTimes) {
  return Object.fromEntries(
    Object.entries(milliseconds).map(([stage, took]) => [`${stage}_ms`, took]),
  );
}

/** An infinite rate (nothing was said, something was recognised) is null in JSON. */
function errorsJson({ words, characters }: ReferenceScore) {
  const counts = ({ substitutions, deletions, insertions, hits }: typeof characters) => ({
    substitutions,
    deletions,
    insertions,
    hits,
  });
  const edits = words.edits.map(({ kind, reference = null, hypothesis = null }) => ({
    operation: kind,
    reference,
    hypothesis,
  }));
  return {
    wer: words.rate,
    cer: characters.rate,
    words: { ...counts(words), edits },
    characters: counts(characters),
  };
}
