/**
 * The one table of what can go wrong with a request. Each code has the HTTP status and the `type` that
 * OpenAI's clients know; the docs list it. Leaves of the code throw `SoriError`; only the HTTP layer
 * turns it into an answer.
 */
export const errorTable = {
  invalid_request: { status: 400, type: 'invalid_request_error' },
  invalid_features: { status: 400, type: 'invalid_request_error' },
  unauthorized: { status: 401, type: 'authentication_error' },
  not_found: { status: 404, type: 'invalid_request_error' },
  method_not_allowed: { status: 405, type: 'invalid_request_error' },
  model_not_found: { status: 404, type: 'invalid_request_error' },
  request_timeout: { status: 408, type: 'invalid_request_error' },
  body_too_large: { status: 413, type: 'invalid_request_error' },
  audio_too_long: { status: 413, type: 'invalid_request_error' },
  too_many_frames: { status: 413, type: 'invalid_request_error' },
  unsupported_media_type: { status: 415, type: 'invalid_request_error' },
  undecodable_audio: { status: 422, type: 'invalid_request_error' },
  unalignable_text: { status: 422, type: 'invalid_request_error' },
  queue_full: { status: 429, type: 'rate_limit_error' },
  rate_limit_exceeded: { status: 429, type: 'rate_limit_error' },
  /** Nobody is there to read it; it is what the log says of a client that left. */
  client_closed_request: { status: 499, type: 'invalid_request_error' },
  internal_error: { status: 500, type: 'server_error' },
  not_ready: { status: 503, type: 'server_error' },
  overloaded: { status: 503, type: 'server_error' },
  worker_died: { status: 503, type: 'server_error' },
  deadline_exceeded: { status: 504, type: 'server_error' },
} as const satisfies Record<string, { status: number; type: string }>;

export type ErrorCode = keyof typeof errorTable;

/** A failure with a place in the table. `param` names the field at fault, where there is one. */
export class SoriError extends Error {
  readonly code: ErrorCode;
  readonly param: string | null;

  constructor(code: ErrorCode, message: string, options: { param?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SoriError';
    this.code = code;
    this.param = options.param ?? null;
  }
}
