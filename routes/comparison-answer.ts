import type { FastifyReply, FastifyRequest } from 'fastify';
import type { WordPair } from '../src/evaluation/agreement.ts';
import type { AlignedPair } from '../src/evaluation/edit-distance.ts';
import type { ErrorRate } from '../src/evaluation/word-error-rate.ts';
import type { Reading, ReadingPair } from '../src/recognition/comparison.ts';
import type { ModelManifest } from '../src/recognition/model-manifest.ts';
import type { ServedAnswer } from '../src/recognition/recognition-service.ts';
import type { ReferenceScore } from '../src/recognition/reference-score.ts';
import type { ComparisonOptions } from '../src/recognition/request-options.ts';
import { appliedBy, searchFields } from '../src/recognition/request-rules.ts';
import {
  confidenceMethodsOf,
  hypothesisAnswer,
  stageTimings,
  timingsOf,
  toThousandths,
} from './answer-parts.ts';
import { loggedWork } from './logged-work.ts';

/** Answers with a comparison. */
export function sendComparison(
  answer: ServedAnswer<'comparison'>,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const body = comparisonAnswer(answer);
  request.logged = {
    model: body.model.id,
    decoders: body.decoders.map(({ decoder }) => decoder).join(),
    duration: body.duration,
    ...loggedWork(answer, answer.result.totalMilliseconds),
  };
  request.transcript = Object.fromEntries(
    answer.result.readings.flatMap((reading) =>
      'error' in reading ? [] : [[reading.decoder, reading.hypotheses[0].text]],
    ),
  );
  return reply.send(body);
}

/** What each decoder made of it, how they differ, and how far each is from the reference. */
function comparisonAnswer(answer: ServedAnswer<'comparison'>) {
  const { model, options, result, queuedMilliseconds } = answer;
  const { durationSeconds, readings, pairs, agreement, milliseconds } = result;
  return {
    model: { id: model.name },
    duration: toThousandths(durationSeconds),
    decoders: readings.map((reading) =>
      'error' in reading ? reading : readingAnswer(reading, model.manifest, options),
    ),
    alignments: pairs.map(pairAnswer),
    agreement: agreement ?? null,
    timings: timingsOf(queuedMilliseconds, milliseconds),
  };
}

function readingAnswer(reading: Reading, manifest: ModelManifest, options: ComparisonOptions) {
  const { decoder, sha256, hypotheses, milliseconds, errors } = reading;
  const { words, confidence, ...best } = hypothesisAnswer(hypotheses[0], { words: true });
  const methods = confidenceMethodsOf(manifest, decoder, options);
  return {
    decoder,
    sha256,
    // Not every decoder can do all that is asked of them together.
    ...(searchFields.some((field) => options[field] !== undefined) && {
      applied: appliedBy(decoder, options),
    }),
    ...best,
    words,
    word_confidence_method: methods.word,
    confidence,
    confidence_method: methods.text,
    ...(options.n_best > 1 && {
      hypotheses: hypotheses.map((hypothesis) => hypothesisAnswer(hypothesis, { words: true })),
    }),
    timings: stageTimings(milliseconds),
    ...(errors !== undefined && { error_rates: errorRates(errors) }),
  };
}

function errorRates({ words, characters }: ReferenceScore) {
  return {
    wer: rateAnswer(words),
    cer: rateAnswer(characters),
    words: { ...countsAnswer(words), edits: words.edits.map(editAnswer) },
    characters: countsAnswer(characters),
  };
}

/** JSON has no infinity: null where nothing was said and something was heard. */
function rateAnswer({ rate }: ErrorRate): number | null {
  return Number.isFinite(rate) ? rate : null;
}

function countsAnswer({ substitutions, deletions, insertions, hits }: ErrorRate) {
  return { substitutions, deletions, insertions, hits };
}

function editAnswer({ kind, reference, hypothesis }: AlignedPair<string>) {
  return { operation: kind, reference: reference ?? null, hypothesis: hypothesis ?? null };
}

function pairAnswer({ between, words }: ReadingPair) {
  return {
    between,
    words: words.map((pair) => ({
      a: pair.first?.word ?? null,
      b: pair.second?.word ?? null,
      operation: operationOf(pair),
    })),
  };
}

function operationOf({ first, second, same }: WordPair): AlignedPair<string>['kind'] {
  if (same) return 'hit';
  if (first === null) return 'insertion';
  return second === null ? 'deletion' : 'substitution';
}
