import { isIPv4, isIPv6 } from 'node:net';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { z } from 'zod';

const packageFolder = resolve(import.meta.dirname, '..');

/** A number written in decimal digits, between two bounds. */
function numberSetting(what: string, pattern: RegExp, low: number, high: number) {
  const fits = (text: string) => pattern.test(text) && low <= Number(text) && Number(text) <= high;
  return z.string().refine(fits, `expected ${what} from ${low} to ${high}`).transform(Number);
}
const integer = (low: number, high: number) => numberSetting('a whole number', /^\d+$/, low, high);
const seconds = (low: number, high: number) => numberSetting('seconds', /^\d+(\.\d+)?$/, low, high);

/** Several of something, with white space or commas between them. */
const listSetting = (what: string, isOne: (text: string) => boolean) =>
  z
    .string()
    .transform((text) => text.split(/[\s,]+/u).filter((each) => each !== ''))
    .refine((all) => all.every(isOne), `expected ${what}`);

/** SHA-256 hashes of keys, as sha256sum writes them. */
const hashes = listSetting('SHA-256 hashes of 64 hexadecimal digits each', (text) =>
  /^[0-9a-f]{64}$/iu.test(text),
).transform((all) => all.map((hash) => hash.toLowerCase()));

const origins = listSetting(
  'origins such as https://sori.example, or *',
  (text) => text === '*' || (URL.canParse(text) && new URL(text).origin === text),
);

/** Names that Fastify has for the networks that are nobody else's. */
const ownNetworks: readonly string[] = ['loopback', 'linklocal', 'uniquelocal'];
const networks = listSetting(
  `addresses, networks such as 10.0.0.0/8, or ${ownNetworks.join(', ')}`,
  (text) => ownNetworks.includes(text) || isNetwork(text),
);

function isNetwork(text: string): boolean {
  const [address = '', prefix = '1', ...rest] = text.split('/');
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0;
  return rest.length === 0 && /^[1-9]\d*$/u.test(prefix) && Number(prefix) <= bits;
}

const httpUrl = z
  .string()
  .refine((text) => /^https?:\/\//iu.test(text) && URL.canParse(text), 'expected an http URL');

/** What the main thread's heap may hold by default: near the end V8 does little but collect garbage. */
const mostHeapBytes = Math.floor(0.9 * getHeapStatistics().heap_size_limit);

/** What a request may ask at most, whatever is set: all of it costs time. */
const most = { hypotheses: 100, beamWidth: 1000, hotwords: 1000, grammarSize: 10_000 } as const;

/** The environment variables that Sori reads, with their defaults. */
const environmentSchema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(0, 65535).default(8080),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  SORI_LOG_TRANSCRIPTS: z.enum(['true', 'false']).default('false'),
  SORI_API_KEY_HASHES: hashes.default([]),
  SORI_RATE_LIMIT: integer(1, 1_000_000).optional(),
  SORI_TRUSTED_PROXIES: networks.default([]),
  SORI_CORS_ORIGINS: origins.default([]),
  SORI_MODELS: z.string().default(resolve(packageFolder, 'models')),
  SORI_DEFAULT_MODEL: z.string().optional(),
  SORI_WORKERS: integer(1, 256).default(() => Math.max(1, availableParallelism() - 1)),
  SORI_QUEUE_LIMIT: integer(0, 100_000).default(64),
  SORI_BATCH: integer(1, 64).default(8),
  SORI_DEADLINE_SECONDS: seconds(0.001, 3600).default(30),
  SORI_UPLOAD_SECONDS: seconds(1, 3600).default(60),
  SORI_MAX_BODY_BYTES: integer(1024, 2 ** 30).default(25 * 2 ** 20),
  SORI_MAX_AUDIO_SECONDS: seconds(1, 36_000).default(600),
  SORI_MAX_N_BEST: integer(1, most.hypotheses).default(most.hypotheses),
  SORI_MAX_BEAM_WIDTH: integer(1, most.beamWidth).default(most.beamWidth),
  SORI_MAX_HOTWORDS: integer(1, most.hotwords).default(most.hotwords),
  SORI_MAX_GRAMMAR_SIZE: integer(1, most.grammarSize).default(most.grammarSize),
  SORI_DRAIN_SECONDS: seconds(0, 600).default(0),
  SORI_MAX_EVENT_LOOP_LAG_SECONDS: seconds(0, 60).default(1),
  SORI_MAX_HEAP_BYTES: integer(0, 2 ** 50).default(mostHeapBytes),
  SORI_MAX_MEMORY_BYTES: integer(0, 2 ** 50).default(0),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  OTEL_SERVICE_NAME: z.string().default('sori'),
});

export type Config = {
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  /** Whether a request's line in the log has what was heard. */
  readonly logTranscripts: boolean;
  /** SHA-256 of each key that lets a client in; without any, everyone is. */
  readonly apiKeyHashes: readonly string[];
  /** Requests that a client may make in a minute: one API key, or one address where there are none. */
  readonly rateLimit: number | undefined;
  /** Proxies whose word is taken for the address of a client. */
  readonly trustedProxies: readonly string[];
  /** Whose pages may ask, besides the service's own. */
  readonly corsOrigins: readonly string[];
  /** The folder with one folder a model. */
  readonly modelsDirectory: string;
  /** Serves requests that name no model. */
  readonly defaultModel: string | undefined;
  /** Threads that recognise; one core is left for HTTP by default. */
  readonly workers: number;
  /** Requests that may wait for a worker. */
  readonly queueLimit: number;
  /** Requests that a worker may take at once, to have them heard in one run of a graph. */
  readonly batch: number;
  /** From the complete request to its answer, waiting included. */
  readonly deadlineSeconds: number;
  /** How long a client may take to send a request. */
  readonly uploadSeconds: number;
  readonly maxBodyBytes: number;
  readonly maxAudioSeconds: number;
  /** Hypotheses that a request may ask of a decoder. */
  readonly maxHypotheses: number;
  /** Prefixes that a request may have a beam search keep. */
  readonly maxBeamWidth: number;
  readonly maxHotwords: number;
  /** Words and forms of a request's grammar, as it is written. */
  readonly maxGrammarSize: number;
  /** How long a stopping server goes on listening, so that balancers see it is not ready. */
  readonly drainSeconds: number;
  /** Above any of these requests are turned away; 0 for no limit. */
  readonly maxEventLoopLagSeconds: number;
  /** Of the main thread. */
  readonly maxHeapBytes: number;
  /** Of the process. */
  readonly maxMemoryBytes: number;
  /** The OpenTelemetry collector that traces go to; without one there are none. */
  readonly otlpEndpoint: string | undefined;
  /** Whose traces they are. */
  readonly otlpServiceName: string;
};

/** A setting that cannot be used. The message names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings of a schema. An empty variable counts as absent; an unknown one that starts with SORI_ is
 * refused, for it is a setting that someone believes in.
 * @throws ConfigError
 */
function settingsOf<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  environment: Environment,
): z.infer<z.ZodObject<Shape>> {
  const given = Object.entries(environment).filter(([, value]) => value?.trim());
  const unknown = given.find(
    ([name]) => name.startsWith('SORI_') && !Object.hasOwn(environmentSchema.shape, name),
  );
  if (unknown !== undefined) throw new ConfigError(`unknown setting ${unknown[0]}`);
  const result = schema.safeParse(Object.fromEntries(given), { reportInput: true });
  if (!result.success) {
    const [issue] = result.error.issues;
    const name = issue?.path.join('.');
    // A key may stand where its hash belongs, and goes into no log.
    const got = name === 'SORI_API_KEY_HASHES' ? 'something else' : JSON.stringify(issue?.input);
    throw new ConfigError(`${name}: ${issue?.message}, got ${got}`);
  }
  return result.data;
}

/**
 * Reads the configuration from environment variables.
 * @throws ConfigError
 */
export function readConfig(environment: Environment): Config {
  const settings = settingsOf(environmentSchema, environment);
  return {
    host: settings.HOST,
    port: settings.PORT,
    logLevel: settings.LOG_LEVEL,
    logTranscripts: settings.SORI_LOG_TRANSCRIPTS === 'true',
    apiKeyHashes: settings.SORI_API_KEY_HASHES,
    rateLimit: settings.SORI_RATE_LIMIT,
    trustedProxies: settings.SORI_TRUSTED_PROXIES,
    corsOrigins: settings.SORI_CORS_ORIGINS,
    ...modelSettings(settings),
    workers: settings.SORI_WORKERS,
    queueLimit: settings.SORI_QUEUE_LIMIT,
    batch: settings.SORI_BATCH,
    deadlineSeconds: settings.SORI_DEADLINE_SECONDS,
    uploadSeconds: settings.SORI_UPLOAD_SECONDS,
    maxBodyBytes: settings.SORI_MAX_BODY_BYTES,
    maxAudioSeconds: settings.SORI_MAX_AUDIO_SECONDS,
    maxHypotheses: settings.SORI_MAX_N_BEST,
    maxBeamWidth: settings.SORI_MAX_BEAM_WIDTH,
    maxHotwords: settings.SORI_MAX_HOTWORDS,
    maxGrammarSize: settings.SORI_MAX_GRAMMAR_SIZE,
    drainSeconds: settings.SORI_DRAIN_SECONDS,
    maxEventLoopLagSeconds: settings.SORI_MAX_EVENT_LOOP_LAG_SECONDS,
    maxHeapBytes: settings.SORI_MAX_HEAP_BYTES,
    maxMemoryBytes: settings.SORI_MAX_MEMORY_BYTES,
    otlpEndpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
    otlpServiceName: settings.OTEL_SERVICE_NAME,
  };
}

/** The settings that say where models are: all that a program which does not serve has use for. */
export type ModelSettings = Pick<Config, 'modelsDirectory' | 'defaultModel'>;

const modelSettingsSchema = environmentSchema.pick({ SORI_MODELS: true, SORI_DEFAULT_MODEL: true });

function modelSettings(settings: z.infer<typeof modelSettingsSchema>): ModelSettings {
  return {
    modelsDirectory: resolve(settings.SORI_MODELS),
    defaultModel: settings.SORI_DEFAULT_MODEL,
  };
}

/**
 * Reads those settings alone: what the others hold is not looked at.
 * @throws ConfigError
 */
export function readModelSettings(environment: Environment): ModelSettings {
  return modelSettings(settingsOf(modelSettingsSchema, environment));
}

/** The configuration of this process. */
export function readProcessConfig(): Config {
  return readConfig(process.env);
}

/** The model settings of this process. */
export function readProcessModelSettings(): ModelSettings {
  return readModelSettings(process.env);
}

/** Whether this process is what `npm start` started. */
export function isStartedByNpm(): boolean {
  const { npm_lifecycle_event: script, npm_package_name: name } = process.env;
  return script === 'start' && name === 'sori';
}
