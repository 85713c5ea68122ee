import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { type ErrorCode, errorTable, SoriError } from '../errors.ts';

/** The one body of every error, as OpenAI's clients read it. */
export type ErrorBody = {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: ErrorCode;
  };
};

/** Seconds after which a refused request may come again, where nothing is known of when. */
const retryAfterSeconds = 1;

/** Statuses that clients retry by themselves, if told when. */
const retriedStatuses: readonly number[] = [429, 503];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The content types that a route reads. */
    accepts?: readonly string[];
  }
}

/** Fastify's and its plugins' own errors, by code; others of theirs are 400 if they blame the client. */
const foreignErrors: Readonly<Record<string, (request: FastifyRequest) => SoriError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: bodyTooLarge,
  FST_REQ_FILE_TOO_LARGE: bodyTooLarge,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: unacceptedContentType,
  FST_INVALID_MULTIPART_CONTENT_TYPE: unacceptedContentType,
};

function bodyTooLarge({ server }: FastifyRequest): SoriError {
  return new SoriError(
    'body_too_large',
    `expected at most ${server.initialConfig.bodyLimit} bytes, got more`,
  );
}

export function unacceptedContentType({ routeOptions, headers }: FastifyRequest): SoriError {
  const accepted = routeOptions.config.accepts?.join(', ') ?? 'no body';
  const got = headers['content-type']?.slice(0, 100) ?? 'no content type';
  return new SoriError('unsupported_media_type', `expected ${accepted}; got ${got}`);
}

export function errorBody({ code, message, param }: SoriError): ErrorBody {
  return { error: { message, type: errorTable[code].type, param, code } };
}

function asSoriError(error: unknown, request: FastifyRequest): SoriError {
  if (error instanceof SoriError) return error;
  const { code, statusCode, message } = error as Partial<FastifyError>;
  const known = foreignErrors[code ?? ''];
  if (known !== undefined) return known(request);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new SoriError('invalid_request', message ?? 'the request is malformed', {
      cause: error,
    });
  return new SoriError('internal_error', 'the service failed on this request', { cause: error });
}

/** Answers a request with its error. */
export function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const answer = asSoriError(error, request);
  const { status } = errorTable[answer.code];
  if (answer.code === 'internal_error') request.log.error({ err: answer.cause }, 'request failed');
  request.failure = answer.code;
  if (retriedStatuses.includes(status) && !reply.hasHeader('retry-after'))
    reply.header('retry-after', retryAfterSeconds);
  // Fastify would go on reading a body that nobody wants for as long as the client sends it.
  if (status === 413) reply.header('connection', 'close');
  return reply.code(status).type('application/json').send(errorBody(answer));
}

/** Turns every error into the one body, and tells an unknown route from an unknown method. */
export const errorsPlugin = fp(
  (app: FastifyInstance, _options, done) => {
    const methodsOf = new Map<string, Set<string>>(); // URL pattern → methods

    app.addHook('onRoute', ({ url, method }) => {
      const methods = methodsOf.get(url) ?? new Set();
      for (const name of [method].flat()) methods.add(name.toUpperCase());
      methodsOf.set(url, methods);
    });

    app.setErrorHandler((error, request, reply) => sendError(error, request, reply));

    app.setNotFoundHandler((request, reply) => {
      const path = request.url.split('?', 1)[0]!;
      const [, allowed] = [...methodsOf].find(([pattern]) => matches(pattern, path)) ?? [];
      const shown = `${request.method} ${path.slice(0, 200)}`;
      if (allowed === undefined)
        return sendError(new SoriError('not_found', `no such route: ${shown}`), request, reply);
      const list = [...allowed].sort().join(', ');
      reply.header('allow', list);
      const message = `expected one of the methods ${list}, got ${shown}`;
      return sendError(new SoriError('method_not_allowed', message), request, reply);
    });
    done();
  },
  { name: 'errors' },
);

function matches(pattern: string, path: string): boolean {
  const expected = pattern.split('/');
  const found = path.split('/');
  return (
    expected.length === found.length &&
    expected.every((part, index) => part.startsWith(':') || part === found[index])
  );
}

const socketErrors: Readonly<Record<string, { code: ErrorCode; message: string }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: 'request_timeout',
    message: 'the request was not complete in time',
  },
  HPE_HEADER_OVERFLOW: { code: 'invalid_request', message: 'the headers are too large' },
};

const answeredSockets = new WeakMap<Socket, ErrorCode>();

/** What a connection was answered with below every handler, if it was. */
export function socketAnswer(socket: Socket): ErrorCode | undefined {
  return answeredSockets.get(socket);
}

/** Answers what is not even HTTP, where no request exists that a handler could answer. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const known = socketErrors[error.code ?? ''];
  const { code, message } = known ?? { code: 'invalid_request', message: 'malformed HTTP request' };
  answeredSockets.set(socket, code);
  const body = JSON.stringify(errorBody(new SoriError(code, message)));
  socket.end(
    `HTTP/1.1 ${errorTable[code].status} ${code}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
