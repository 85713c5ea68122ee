import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';

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
  const answered = reply.raw.writableFinished;
  request.log.info(
    {
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: answered ? reply.statusCode : 499,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      ...request.logged,
    },
    answered ? 'answered' : 'client left',
  );
}
