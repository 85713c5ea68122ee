import { setTimeout as pause } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import { destination, type Logger, pino } from 'pino';
import { buildApp } from './app.ts';
import { type Config, ConfigError, isStartedByNpm, readProcessConfig } from './config.ts';
import { logOptions } from './plugins/log-options.ts';

/** How often a service that npm started looks whether the shell between them is still there. */
const shellCheckMilliseconds = 500;

/** Listens at once, so that probes get an answer; takes requests when every model is loaded. */
async function serve(config: Config): Promise<void> {
  // Lines that come while one is written go out together; those before an exit still do.
  const logger = pino(logOptions(config), destination({ sync: false }));
  const app = buildApp({ config, logger });

  const grace = 1000 * (config.drainSeconds + config.uploadSeconds + config.deadlineSeconds);
  let shellWatch: NodeJS.Timeout | undefined;
  const { close } = closeWithGrace(
    { delay: grace, logger, skip: ['SIGHUP'] },
    async ({ signal, err }) => {
      clearInterval(shellWatch);
      if (err !== undefined) logger.fatal({ err }, 'stopping after an error');
      else logger.info({ signal }, 'stopping');
      app.recognition.drain();
      await pause(1000 * config.drainSeconds);
      await app.close();
    },
  );
  process.on('SIGHUP', () => void reload(app, logger));
  if (isStartedByNpm()) shellWatch = whenParentIsLost(close);

  try {
    const address = await app.listen({ host: config.host, port: config.port });
    await app.recognition.start();
    if (app.recognition.state !== 'ready') return; // it was told to stop meanwhile
    const models = app.recognition.models.map(({ name }) => name);
    logger.info({ address, models, workers: config.workers }, 'ready');
  } catch (error) {
    logger.fatal({ err: error }, `cannot start: ${(error as Error).message}`);
    process.exit(1);
  }
}

/** Serves the models as they are on disk now, or goes on with those before. */
async function reload({ recognition }: FastifyInstance, logger: Logger): Promise<void> {
  try {
    await recognition.reload();
    const models = recognition.models.map(({ name, files }) => ({ name, files }));
    logger.info({ models }, 'models reloaded');
  } catch (error) {
    const { message } = error as Error;
    logger.error({ err: error }, `models not reloaded, those before are served: ${message}`);
  }
}

/**
 * `npm start` hands SIGTERM to the shell that it started, and a shell such as Debian's dies of it without
 * passing it on. The service, which would go on by itself and keep the port, notices its new parent.
 */
function whenParentIsLost(stop: () => void): NodeJS.Timeout {
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== shell) stop();
  }, shellCheckMilliseconds);
  return timer.unref();
}

function configuration(): Config {
  try {
    return readProcessConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`sori: ${error.message}\n`);
    process.exit(2);
  }
}

await serve(configuration());
