import type { FastifyInstance } from 'fastify';
import type { Config } from '../../src/config.ts';
import { accepts } from './body.ts';
import { featureComparisonRoute } from './comparisons.ts';
import { featureEmissionsRoute } from './emissions.ts';
import { featureTranscriptionRoute } from './transcriptions.ts';

/** What can be asked of a matrix of features, in one of three encodings. */
export async function featureRoutes(
  app: FastifyInstance,
  { config }: { config: Config },
): Promise<void> {
  app.addContentTypeParser(accepts, { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  featureTranscriptionRoute(app, config);
  featureComparisonRoute(app, config);
  featureEmissionsRoute(app);
}
