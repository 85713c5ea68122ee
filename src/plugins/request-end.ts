import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { type ErrorCode, errorTable } from '../errors.ts';
import { socketAnswer } from './errors.ts';

/** What a handler tells of its request: figures and names, never what was said. */
export type RequestFacts = Readonly<Record<string, string | number>>;

/** How a request ended. */
export type RequestEnd = {
  /** The pattern of its route; `unknown` where there is none. */
  readonly route: string;
  /** That it was answered with; 499 if the client left first. */
  readonly status: number;
  /** Undefined if all went well. */
  readonly failure: ErrorCode | undefined;
  readonly facts: RequestFacts;
  /** From its headers to its end. */
  readonly milliseconds: number;
};

export type RequestEndListener = (end: RequestEnd, request: FastifyRequest) => void;

declare module 'fastify' {
  interface FastifyRequest {
    logged: RequestFacts;
    /** What it was refused with, if it was. */
    failure: ErrorCode | undefined;
  }
  interface FastifyInstance {
    /** Called once a request, when its connection is done with it. */
    requestEndListeners: RequestEndListener[];
  }
}

/**
 * Tells the listeners of the end of every request, whether it was answered or the client left first; and
 * puts the request's id into the answer.
 */
export const requestEndPlugin = fp(
  (app: FastifyInstance, _options, done) => {
    const listeners: RequestEndListener[] = [];
    app.decorate('requestEndListeners', listeners);
    // The default is shared by all requests, so handlers replace it and never write into it.
    app.decorateRequest('logged', null as unknown as RequestFacts);
    app.decorateRequest('failure', undefined);
    app.addHook('onRequest', (request, reply, next) => {
      watchEnd(request, reply);
      next();
    });
    done();
  },
  { name: 'request-end' },
);

/** Begins to watch a request; the hook does it, except for requests so malformed that no hook runs. */
export function watchEnd(request: FastifyRequest, reply: FastifyReply): void {
  request.logged = {};
  reply.header('x-request-id', request.id);
  reply.raw.once('close', () => {
    const end = endOf(request, reply);
    for (const listener of request.server.requestEndListeners) listener(end, request);
  });
}

function endOf(request: FastifyRequest, reply: FastifyReply): RequestEnd {
  const { logged: facts, routeOptions, raw } = request;
  const route = routeOptions.url ?? 'unknown';
  const milliseconds = Math.round(reply.elapsedTime * 10) / 10;
  if (reply.raw.writableFinished) {
    const { failure } = request;
    return { route, status: reply.statusCode, failure, facts, milliseconds };
  }
  // A request that does not end in time is answered on its socket, past its handler.
  const failure = socketAnswer(raw.socket) ?? 'client_closed_request';
  return { route, status: errorTable[failure].status, failure, facts, milliseconds };
}
