import { type ErrorCode, errorTable } from '../../src/errors.ts';
import type { ErrorBody } from '../../src/plugins/errors.ts';
import type { JsonSchema } from './json-schema.ts';

/** When each error is answered, and a message of it. */
const explanations: Readonly<
  Record<ErrorCode, { readonly when: string; readonly message: string; readonly param?: string }>
> = {
  invalid_request: {
    when: 'A field is missing, unknown or out of range, or the body is malformed.',
    message: 'n_best: expected at most 100, got 101',
    param: 'n_best',
  },
  invalid_features: {
    when: 'Features are not finite, ragged, empty, or not of their shape or the model’s.',
    message: 'expected 120 features a frame, got 80',
    param: 'features',
  },
  unauthorized: {
    when: 'API keys are configured, and none or a wrong one came.',
    message: 'expected an API key in the header authorization ("Bearer …"), got none',
  },
  not_found: { when: 'There is no such route.', message: 'no such route: GET /v2' },
  method_not_allowed: {
    when: 'The route has other methods; `Allow` names them.',
    message: 'expected one of the methods POST, got GET /v1/audio/transcriptions',
  },
  model_not_found: {
    when: 'There is no such model.',
    message: 'expected one of the models digits-en, got "whisper-1"',
    param: 'model',
  },
  request_timeout: {
    when: 'The request took too long to arrive.',
    message: 'the request was not complete in time',
  },
  body_too_large: {
    when: 'The body has more bytes than `max_body_bytes`.',
    message: 'expected at most 26214400 bytes, got more',
  },
  audio_too_long: {
    when: 'The recording is longer than `max_audio_seconds`.',
    message: 'expected at most 600 s of audio, got more',
    param: 'file',
  },
  too_many_frames: {
    when: 'The matrix has more rows than `max_frames`.',
    message: 'expected at most 20000 frames, got 20001',
    param: 'features',
  },
  unsupported_media_type: {
    when: 'The route does not read that content type or encoding.',
    message: 'expected multipart/form-data; got application/json',
  },
  undecodable_audio: {
    when: 'The file is no audio, or cut, damaged or empty.',
    message: 'expected WAV, FLAC, MP3 or Ogg, got something else',
    param: 'file',
  },
  unalignable_text: {
    when: 'A word of the text is unknown, or the text does not fit in the recording.',
    message: 'word 1: expected one of the model\'s 11 words, got "eleven"',
    param: 'text',
  },
  queue_full: {
    when: 'As many requests wait as may; come again after `Retry-After` seconds.',
    message: 'the queue is full: 64 requests wait already',
  },
  rate_limit_exceeded: {
    when: 'The client has made as many requests in a minute as it may; come again after `Retry-After` seconds.',
    message: 'expected at most 600 requests a minute, got more: come again in 41 s',
  },
  client_closed_request: { when: 'The client left; in the log only.', message: 'the client left' },
  internal_error: {
    when: 'A fault of the service.',
    message: 'the service failed on this request',
  },
  not_ready: {
    when: 'The models are being loaded, or the service stops; come again after `Retry-After` seconds.',
    message: 'the models are being loaded',
  },
  overloaded: {
    when: 'The service has too much to do; come again after `Retry-After` seconds.',
    message: 'the service has too much to do: its event loop lags',
  },
  worker_died: {
    when: 'The worker that had the request died; come again after `Retry-After` seconds.',
    message: 'the worker that had this request died; another takes its place',
  },
  deadline_exceeded: {
    when: 'No answer within `deadline_seconds`, waiting in the queue included.',
    message: 'no answer within 30 s, waiting in the queue included',
  },
};

export const errorSchema: JsonSchema = {
  type: 'object',
  required: ['error'],
  additionalProperties: false,
  properties: {
    error: {
      type: 'object',
      required: ['message', 'type', 'param', 'code'],
      additionalProperties: false,
      properties: {
        message: { type: 'string', description: 'What was expected, what came, and where.' },
        type: {
          type: 'string',
          enum: [...new Set(Object.values(errorTable).map(({ type }) => type))],
        },
        param: { type: ['string', 'null'], description: 'The field at fault, where there is one.' },
        code: { type: 'string', enum: Object.keys(errorTable) },
      },
    },
  },
};

/** The responses that some codes make, by status: each code with when it comes and an example. */
export function errorResponses(codes: readonly ErrorCode[]): Record<string, JsonSchema> {
  const byStatus = Map.groupBy(codes, (code) => errorTable[code].status);
  const entries = [...byStatus].map(([status, group]) => [
    String(status),
    responseOf(status, group),
  ]);
  return Object.fromEntries(entries);
}

function responseOf(status: number, codes: readonly ErrorCode[]): JsonSchema {
  const isRetried = status === 429 || status === 503;
  return {
    description: codes.map((code) => `\`${code}\`: ${explanations[code].when}`).join('\n\n'),
    headers: {
      'x-request-id': { $ref: '#/components/headers/RequestId' },
      ...(isRetried && { 'retry-after': { $ref: '#/components/headers/RetryAfter' } }),
    },
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/Error' },
        examples: Object.fromEntries(
          codes.map((code) => [code, { summary: explanations[code].when, value: bodyOf(code) }]),
        ),
      },
    },
  };
}

function bodyOf(code: ErrorCode): ErrorBody {
  const { message, param = null } = explanations[code];
  return { error: { message, type: errorTable[code].type, param, code } };
}
