import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { audioRoutes } from '../routes/audio/index.ts';
import { featureRoutes } from '../routes/features/index.ts';
import { healthRoutes } from '../routes/health/index.ts';
import { modelRoutes } from '../routes/models/index.ts';
import { openApiRoutes } from '../routes/openapi/index.ts';
import { pageRoutes } from '../routes/page/index.ts';
import type { Config } from './config.ts';
import { SoriError } from './errors.ts';
import { apiKeysPlugin } from './plugins/api-keys.ts';
import { connectionsPlugin } from './plugins/connections.ts';
import { crossOriginPlugin } from './plugins/cross-origin.ts';
import { answerClientError, errorsPlugin, sendError } from './plugins/errors.ts';
import { metricsPlugin } from './plugins/metrics.ts';
import { overloadPlugin } from './plugins/overload.ts';
import { rateLimitPlugin } from './plugins/rate-limit.ts';
import { recognitionPlugin } from './plugins/recognition.ts';
import { requestEndPlugin, watchEnd } from './plugins/request-end.ts';
import { requestLogPlugin } from './plugins/request-log.ts';
import { securityHeadersPlugin, setSecurityHeaders } from './plugins/security-headers.ts';
import { parseRequest } from './recognition/validation.ts';

const sanePattern = /^[\w.:-]{1,128}$/;

/** The client's own id where it can stand in a log and a header, else a new one. */
function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && sanePattern.test(given) ? given : randomUUID();
}

/**
 * The whole HTTP surface, without a listening socket: `server.ts` listens with it, tests inject into it.
 * Until `app.recognition.start()` has resolved it answers 503.
 */
export function buildApp(options: { config: Config; logger: FastifyBaseLogger }): FastifyInstance {
  const { config, logger } = options;
  const uploadMilliseconds = 1000 * config.uploadSeconds;
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    trustProxy: config.trustedProxies.length > 0 && [...config.trustedProxies],
    bodyLimit: config.maxBodyBytes,
    requestTimeout: uploadMilliseconds,
    // Node takes the longer of the two for the whole request, whichever it is.
    http: {
      headersTimeout: Math.min(60_000, uploadMilliseconds),
      requestTimeout: uploadMilliseconds,
      connectionsCheckingInterval: 1000,
    },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      watchEnd(request, reply);
      setSecurityHeaders(request, reply);
      return sendError(error, request, reply);
    },
    // Requests on open connections still get our own 503 while the app closes.
    return503OnClosing: false,
    // Longer than any URL that Node reads: an overlong model name is a model that is not there.
    routerOptions: { maxParamLength: 65_536 },
  }).withTypeProvider<ZodTypeProvider>();

  app.removeAllContentTypeParsers();
  app.setValidatorCompiler<z.ZodType>(({ schema }) => (value) => {
    try {
      return { value: parseRequest(schema, value) };
    } catch (error) {
      return { error: error as Error };
    }
  });

  app.register(connectionsPlugin);
  app.register(requestEndPlugin);
  app.register(requestLogPlugin, { logTranscripts: config.logTranscripts });
  app.register(metricsPlugin, { config });
  const { otlpEndpoint: endpoint, otlpServiceName: serviceName } = config;
  if (endpoint !== undefined)
    app.register(import('./plugins/tracing.ts'), { endpoint, serviceName });
  app.register(errorsPlugin);
  app.register(securityHeadersPlugin);
  if (config.corsOrigins.length > 0)
    app.register(crossOriginPlugin, { origins: config.corsOrigins });
  app.register(recognitionPlugin, { config });
  app.register(openApiRoutes);
  app.register(pageRoutes);
  app.register(healthRoutes);
  app.register(
    async (v1) => {
      if (config.apiKeyHashes.length > 0)
        await v1.register(apiKeysPlugin, { hashes: config.apiKeyHashes });
      v1.addHook('onRequest', async () => {
        if (app.recognition.state !== 'ready') throw app.recognition.unavailable();
      });
      await v1.register(modelRoutes, { config });
      await v1.register(async (inference) => recognitionRoutes(inference, config));
    },
    { prefix: '/v1' },
  );
  return app;
}

/** What costs more than an answer: these are limited. */
async function recognitionRoutes(app: FastifyInstance, config: Config): Promise<void> {
  app.addHook('onRequest', async ({ headers }) => refuseOversized(headers, config.maxBodyBytes));
  await app.register(overloadPlugin, { limits: config });
  if (config.rateLimit !== undefined)
    await app.register(rateLimitPlugin, { perMinute: config.rateLimit });
  await app.register(audioRoutes, { config });
  await app.register(featureRoutes, { config });
}

/** Refuses by its headers what would be refused after it has been read. */
function refuseOversized(headers: IncomingMessage['headers'], maxBodyBytes: number): void {
  const bytes = Number(headers['content-length'] ?? 0);
  if (bytes > maxBodyBytes)
    throw new SoriError('body_too_large', `expected at most ${maxBodyBytes} bytes, got ${bytes}`);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.trim().toLowerCase() !== 'identity')
    throw new SoriError(
      'unsupported_media_type',
      `expected no content encoding, got "${encoding.slice(0, 40)}"`,
    );
}
