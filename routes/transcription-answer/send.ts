import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServedAnswer } from '../../src/recognition/recognition-service.ts';
import { toThousandths } from '../answer-parts.ts';
import { loggedWork } from '../logged-work.ts';
import { jsonAnswer, verboseAnswer } from './json.ts';
import { segmentsOf } from './segments.ts';
import { subRip, webVtt } from './subtitles.ts';

/**
 * Answers with a transcription in the format that was asked for. Formats without room for it name the
 * model and the decoder in headers, as all do.
 */
export function sendTranscription(
  answer: ServedAnswer<'transcription'>,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { model, options, result } = answer;
  const duration = toThousandths(result.durationSeconds);
  const [{ text, words }] = result.hypotheses;
  request.logged = {
    model: model.name,
    decoder: result.decoder,
    duration,
    ...loggedWork(answer, result.milliseconds),
  };
  request.transcript = text;
  reply.headers({
    'x-sori-model': model.name,
    'x-sori-model-sha256': result.sha256,
    'x-sori-decoder': result.decoder,
    'x-sori-duration': String(duration),
  });
  switch (options.response_format) {
    case 'json':
      return reply.send(jsonAnswer(answer));
    case 'verbose_json':
      return reply.send(verboseAnswer(answer));
    case 'text':
      return reply.type('text/plain; charset=utf-8').send(`${text}\n`);
    case 'srt':
      return reply.type('application/x-subrip; charset=utf-8').send(subRip(segmentsOf(words)));
    case 'vtt':
      return reply.type('text/vtt; charset=utf-8').send(webVtt(segmentsOf(words)));
  }
}
