import type { FastifyInstance } from 'fastify';
import { unacceptedContentType } from '../../src/plugins/errors.ts';
import { clientLeft } from '../../src/plugins/recognition.ts';
import { parseRequest } from '../../src/recognition/validation.ts';
import type { RecognitionTask } from '../../src/recognition/worker-protocol.ts';
import { joinLists, noQuerySchema } from '../fields.ts';
import { ownBytes } from '../own-bytes.ts';
import { sendTranscription } from '../transcription-answer/send.ts';
import { npyQuerySchema, rawQuerySchema } from './schemas.ts';

type Query = Readonly<Record<string, unknown>>;

/** How each accepted content type becomes a task; the bytes themselves are read by the worker. */
const taskMakers: Readonly<Record<string, (bytes: Uint8Array, query: Query) => RecognitionTask>> = {
  'application/json': (bytes, query) => {
    parseRequest(noQuerySchema, query);
    return { kind: 'json-features', bytes };
  },
  'application/x-npy': (bytes, query) => ({
    kind: 'npy-features',
    bytes,
    options: parseRequest(npyQuerySchema, query),
  }),
  'application/octet-stream': (bytes, query) => {
    const { frames, dims, ...options } = parseRequest(rawQuerySchema, query);
    return { kind: 'raw-features', bytes, shape: { frames, dims }, options };
  },
};

/** `POST /features/transcriptions`: a matrix of features in one of three encodings. */
export async function featureTranscriptionRoutes(app: FastifyInstance): Promise<void> {
  const accepts = Object.keys(taskMakers);
  app.addContentTypeParser(accepts, { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });

  app.post('/features/transcriptions', { config: { accepts } }, async (request, reply) => {
    const abandoned = clientLeft(reply);
    const contentType = mediaTypeOf(request.headers['content-type']);
    const makeTask = taskMakers[contentType];
    if (makeTask === undefined || !(request.body instanceof Uint8Array))
      throw unacceptedContentType(request);
    const task = makeTask(ownBytes(request.body), joinLists(request.query as Query));
    if ('options' in task) app.recognition.choose(task.options);
    return sendTranscription(await app.recognition.transcribe(task, abandoned), request, reply);
  });
}

/** `type/subtype` without its parameters. */
function mediaTypeOf(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]!.trim().toLowerCase();
}
