import type { FastifyInstance } from 'fastify';
import { clientLeft, recognize } from '../../src/plugins/recognition.ts';
import { sendAlignment } from './alignment-answer.ts';
import { accepts, readRecordingRequest } from './form.ts';
import { alignRecording } from './operations.ts';
import { alignmentFormSchema } from './schemas.ts';

/** `POST /audio/alignments`: when each word of a known text was said. */
export function alignmentRoute(app: FastifyInstance): void {
  app.post(
    '/audio/alignments',
    { config: { accepts, operation: alignRecording } },
    async (request, reply) => {
      const abandoned = clientLeft(reply);
      const { bytes, fields: options } = await readRecordingRequest(request, alignmentFormSchema);
      const task = { kind: 'alignment', encoding: 'recording', bytes, options } as const;
      return sendAlignment(await recognize(request, task, abandoned), request, reply);
    },
  );
}
