import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../../src/config.ts';
import { alignmentRoute } from './alignments.ts';
import { comparisonRoute } from './comparisons.ts';
import { emissionsRoute } from './emissions.ts';
import { maxFieldBytes } from './form.ts';
import { transcriptionRoute } from './transcriptions.ts';

/** What can be asked of a recording in a multipart form. */
export async function audioRoutes(
  app: FastifyInstance,
  { config }: { config: Config },
): Promise<void> {
  await app.register(multipart, {
    limits: {
      fileSize: config.maxBodyBytes,
      files: 2,
      fields: 32 + config.maxHotwords,
      parts: 34 + config.maxHotwords,
      fieldSize: maxFieldBytes,
    },
  });
  transcriptionRoute(app, config);
  comparisonRoute(app, config);
  alignmentRoute(app);
  emissionsRoute(app);
}
