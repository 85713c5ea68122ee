import { deflateSync } from 'node:zlib';
import type { LabelLogProb } from '../../src/decoding/label-log-prob.ts';
import type { ServedAnswer } from '../../src/recognition/recognition-service.ts';
import {
  confidenceMethodsOf,
  hypothesisAnswer,
  spanAnswer,
  timingsOf,
  toThousandths,
  wordAnswer,
} from '../answer-parts.ts';
import { type Segment, segmentsOf } from './segments.ts';

/** `response_format=json`: OpenAI's `text`, and what gave it. */
export function jsonAnswer(answer: ServedAnswer<'transcription'>) {
  const { model, options, result } = answer;
  const [{ text, confidence }] = result.hypotheses;
  return {
    text,
    model: { id: model.name, sha256: result.sha256 },
    decoder: result.decoder,
    duration: toThousandths(result.durationSeconds),
    confidence,
    confidence_method: confidenceMethodsOf(model.manifest, result.decoder, options).text,
    ...(result.labels !== undefined && { logprobs: result.labels.map(logProbAnswer) }),
  };
}

/** `response_format=verbose_json`: OpenAI's shape, the fields of `json`, and the milliseconds it took. */
export function verboseAnswer(answer: ServedAnswer<'transcription'>) {
  const { model, options, result, queuedMilliseconds } = answer;
  const [{ words }] = result.hypotheses;
  const granularities = options.timestamp_granularities;
  const withWords = granularities.includes('word');
  return {
    task: 'transcribe',
    language: model.manifest.language,
    ...jsonAnswer(answer),
    ...(withWords && {
      words: words.map(wordAnswer),
      word_confidence_method: confidenceMethodsOf(model.manifest, result.decoder, options).word,
    }),
    ...(granularities.includes('segment') && { segments: segmentsOf(words).map(segmentAnswer) }),
    hypotheses: result.hypotheses.map((hypothesis) =>
      hypothesisAnswer(hypothesis, { words: withWords }),
    ),
    timings: timingsOf(queuedMilliseconds, result.milliseconds),
  };
}

/** Strict clients miss any of OpenAI's fields, so all are there, with what comes nearest to each. */
function segmentAnswer({ text, words, ...span }: Segment, id: number) {
  const confidences = words.map(({ confidence }) => confidence);
  const meanLogProb = confidences.reduce((sum, p) => sum + Math.log(p), 0) / confidences.length;
  return {
    id,
    seek: 0,
    ...spanAnswer(span),
    text,
    // The labels are words; there are no tokens beneath them.
    tokens: [],
    temperature: 0,
    avg_logprob: Math.max(meanLogProb, lowestLogProb),
    compression_ratio: Buffer.byteLength(text) / deflateSync(text).byteLength,
    // That every word is wrong, were they independent.
    no_speech_prob: confidences.reduce((product, p) => product * (1 - p), 1),
  };
}

/** A label as OpenAI has tokens. */
function logProbAnswer({ label, logProb }: LabelLogProb) {
  const logprob = Math.max(logProb, impossibleLogProb);
  return { token: label, logprob, bytes: [...Buffer.from(label)] };
}

/** OpenAI's number for what is as good as impossible. */
const impossibleLogProb = -9999;

// JSON has no −∞ for a word of confidence 0.
const lowestLogProb = -100;
