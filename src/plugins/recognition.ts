import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { SoriError } from '../errors.ts';
import { RecognitionService, type ServedAnswer } from '../recognition/recognition-service.ts';
import type { RecognitionTask } from '../recognition/worker-protocol.ts';
import type { RequestFacts } from './request-end.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** The models and their workers. The owner of the app calls `start`. */
    recognition: RecognitionService;
  }
}

/** Ties the recognition service to the app's life: it ends after the last answer has gone out. */
export const recognitionPlugin = fp<{ config: Config }>(
  (app: FastifyInstance, { config }, done) => {
    const recognition = new RecognitionService(config, app.log, app.metrics.recognitionObserver);
    app.decorate('recognition', recognition);
    // Connections that stay open would hold up the end until they time out.
    app.addHook('onSend', async (_request, reply) => {
      if (recognition.state === 'draining') reply.header('connection', 'close');
    });
    app.addHook('preClose', (next) => {
      recognition.drain();
      next();
    });
    app.addHook('onClose', () => recognition.close());
    done();
  },
  { name: 'recognition', dependencies: ['metrics'] },
);

/**
 * Has a task done for a request. Whatever comes of it, the request's line in the log and its place in the
 * metrics name what was asked for, unless that stands in a JSON body that is still to be read.
 * @throws SoriError
 */
export function recognize<Task extends RecognitionTask>(
  request: FastifyRequest,
  task: Task,
  abandoned: AbortSignal,
): Promise<ServedAnswer<Task['kind']>> {
  request.logged = { ...request.logged, ...wishesOf(task) };
  return request.server.recognition.run(task, abandoned);
}

function wishesOf(task: RecognitionTask): RequestFacts {
  if (task.encoding === 'json') return {};
  if (task.kind === 'alignment') {
    const { method } = task.options;
    return method === undefined ? {} : { aligner: method };
  }
  if (task.kind === 'emissions') return {};
  if (task.kind === 'transcription') return { decoder: task.options.decoder };
  const { decoders } = task.options;
  return { decoders: decoders?.join() ?? 'all' };
}

/** A signal that is raised when the client leaves before its answer. */
export function clientLeft(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished)
      controller.abort(new SoriError('client_closed_request', 'the client left'));
  });
  if (reply.raw.destroyed)
    controller.abort(new SoriError('client_closed_request', 'the client left'));
  return controller.signal;
}
