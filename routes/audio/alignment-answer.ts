import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AlignedUnit, AlignedWord } from '../../src/decoding/aligner.ts';
import type { ServedAnswer } from '../../src/recognition/recognition-service.ts';
import { confidenceMethodsOf, spanAnswer, timingsOf, toThousandths } from '../answer-parts.ts';
import { loggedWork } from '../logged-work.ts';

/** What to give of each word beside its times. */
type Parts = { readonly units: boolean; readonly states: boolean };

/** Answers with an alignment. */
export function sendAlignment(
  answer: ServedAnswer<'alignment'>,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { model, options, result, queuedMilliseconds } = answer;
  const { method, alignment, sha256, durationSeconds, milliseconds } = result;
  const duration = toThousandths(durationSeconds);
  const facts = { model: model.name, aligner: method, duration };
  request.logged = { ...facts, ...loggedWork(answer, milliseconds) };
  const states = options.include.includes('states');
  const parts = { units: states || options.include.includes('units'), states };
  return reply.send({
    text: alignment.words.map(({ word }) => word).join(' '),
    model: { id: model.name, sha256 },
    method,
    duration,
    score: alignment.score,
    words: alignment.words.map((word) => alignedWordAnswer(word, parts)),
    word_confidence_method: confidenceMethodsOf(model.manifest, method).word,
    timings: timingsOf(queuedMilliseconds, milliseconds),
  });
}

function alignedWordAnswer(word: AlignedWord, parts: Parts) {
  return {
    word: word.word,
    ...spanAnswer(word),
    confidence: word.confidence,
    score: word.score,
    ...(parts.units && { units: word.units.map((unit) => unitAnswer(unit, parts)) }),
  };
}

function unitAnswer({ unit, score, states, ...span }: AlignedUnit, parts: Parts) {
  return {
    unit,
    ...spanAnswer(span),
    score,
    ...(parts.states && {
      states: states.map((state) => ({
        state: state.state,
        ...spanAnswer(state),
        score: state.score,
      })),
    }),
  };
}
