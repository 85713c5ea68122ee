import { setTimeout as pause } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { buildApp } from './app.ts';
import { type Config, ConfigError, readProcessConfig } from './config.ts';

/** Listens at once, so that probes get an answer; takes requests when every model is loaded. */
async function serve(config: Config): Promise<void> {
  const logger = pino({ level: config.logLevel });
  const app = buildApp({ config, logger });

  const grace = 1000 * (config.drainSeconds + config.uploadSeconds + config.deadlineSeconds);
  closeWithGrace({ delay: grace, logger }, async ({ signal, err }) => {
    if (err !== undefined) logger.fatal({ err }, 'stopping after an error');
    else logger.info({ signal }, 'stopping');
    app.recognition.drain();
    await pause(1000 * config.drainSeconds);
    await app.close();
  });

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
