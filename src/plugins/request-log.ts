import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { RequestEnd } from './request-end.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What was heard, or by each decoder. It goes into the log only where that is switched on. */
    transcript: string | Readonly<Record<string, string>> | undefined;
  }
}

/** One line a request, with what its handler told of it. */
export const requestLogPlugin = fp<{ logTranscripts: boolean }>(
  (app: FastifyInstance, { logTranscripts }, done) => {
    app.decorateRequest('transcript', undefined);
    app.requestEndListeners.push((end, request) => writeLine(end, request, logTranscripts));
    done();
  },
  { name: 'request-log', dependencies: ['request-end'] },
);

function writeLine(end: RequestEnd, request: FastifyRequest, logTranscripts: boolean): void {
  const { route, status, failure, facts, milliseconds } = end;
  const { method, transcript } = request;
  request.log.info(
    {
      ...facts,
      method,
      route,
      status,
      outcome: failure ?? 'answered',
      milliseconds,
      ...(logTranscripts && transcript !== undefined && { transcript }),
    },
    failure === 'client_closed_request' ? 'client left' : 'answered',
  );
}
