import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { errorTable } from '../errors.ts';
import { socketAnswer } from './errors.ts';

/** What a handler adds to its request's line in the log: figures and names, never what was said. */
export type RequestFacts = Readonly<Record<string, string | number>>;

declare module 'fastify' {
  interface FastifyRequest {
    logged: RequestFacts;
  }
}

/**
 * One line a request, written when its connection is done with it, whether it was answered or the client
 * left first; and the request's id in the answer.
 */
export const requestLogPlugin = fp(
  (app: FastifyInstance, _options, done) => {
    // The default is shared by all requests, so handlers replace it and never write into it.
    app.decorateRequest('logged', null as unknown as RequestFacts);
    app.addHook('onRequest', (request, reply, next) => {
      request.logged = {};
      reply.header('x-request-id', request.id);
      reply.raw.once('close', () => writeLine(request, reply));
      next();
    });
    done();
  },
  { name: 'request-log' },
);

function writeLine(request: FastifyRequest, reply: FastifyReply): void {
  // A request that does not end in time is answered on its socket, past its handler.
  const refusal = reply.raw.writableFinished ? undefined : socketAnswer(request.raw.socket);
  const answered = reply.raw.writableFinished || refusal !== undefined;
  const status = refusal === undefined ? reply.statusCode : errorTable[refusal].status;
  request.log.info(
    {
      ...request.logged,
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: answered ? status : errorTable.client_closed_request.status,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      ...(refusal !== undefined && { error: refusal }),
    },
    answered ? 'answered' : 'client left',
  );
}
