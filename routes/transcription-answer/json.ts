import { deflateSync } from 'node:zlib';
import type { DecoderName } from '../../src/decoding/decoder.ts';
import type { HypothesisWord } from '../../src/decoding/hypothesis.ts';
import type { ServedAnswer } from '../../src/recognition/recognition-service.ts';
import { type Segment, segmentsOf } from './segments.ts';
import { timingsOf, toThousandths } from './timings.ts';

/** What each decoder's confidences are, by name; its own documentation defines them. */
const confidenceMethods: Readonly<Record<DecoderName, { text: string; word: string }>> = {
  ctc_greedy: { text: 'labelling_probability', word: 'peak_posterior' },
  hmm: { text: 'lattice_posterior', word: 'lattice_posterior' },
};

/** `response_format=json`: OpenAI's `text`, and what gave it. */
export function jsonAnswer(answer: ServedAnswer) {
  const { model, recognition } = answer;
  const [{ text, confidence }] = recognition.hypotheses;
  return {
    text,
    model: { id: model.name, sha256: model.manifest.ctc.sha256 },
    decoder: recognition.decoder,
    duration: toThousandths(recognition.durationSeconds),
    confidence,
    confidence_method: confidenceMethods[recognition.decoder].text,
  };
}

/** `response_format=verbose_json`: OpenAI's shape, the fields of `json`, and the milliseconds it took. */
export function verboseAnswer(answer: ServedAnswer) {
  const { model, options, recognition } = answer;
  const [{ words }] = recognition.hypotheses;
  const granularities = options.timestamp_granularities;
  return {
    task: 'transcribe',
    language: model.manifest.language,
    ...jsonAnswer(answer),
    ...(granularities.includes('word') && {
      words: words.map(wordAnswer),
      word_confidence_method: confidenceMethods[recognition.decoder].word,
    }),
    ...(granularities.includes('segment') && { segments: segmentsOf(words).map(segmentAnswer) }),
    timings: timingsOf(answer),
  };
}

function wordAnswer({ word, startSeconds, endSeconds, confidence }: HypothesisWord) {
  return { word, start: toThousandths(startSeconds), end: toThousandths(endSeconds), confidence };
}

/** Strict clients miss any of OpenAI's fields, so all are there, with what comes nearest to each. */
function segmentAnswer({ startSeconds, endSeconds, text, words }: Segment, id: number) {
  const confidences = words.map(({ confidence }) => confidence);
  const meanLogProb = confidences.reduce((sum, p) => sum + Math.log(p), 0) / confidences.length;
  return {
    id,
    seek: 0,
    start: toThousandths(startSeconds),
    end: toThousandths(endSeconds),
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

// JSON has no −∞ for a word of confidence 0.
const lowestLogProb = -100;
