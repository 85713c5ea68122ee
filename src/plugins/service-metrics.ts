import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from '@prometheus-io/client';
import { type DecoderName, decoderNames } from '../decoding/decoder.ts';
import { type PassName, passOf } from '../recognition/passes.ts';
import {
  type RecognitionObserver,
  reloadOutcomes,
  type ServedAnswer,
} from '../recognition/recognition-service.ts';
import type { StageTimes } from '../recognition/staged-run.ts';
import type { TaskKind } from '../recognition/worker-protocol.ts';
import { reasonOf } from './failure-reasons.ts';
import type { RequestEnd, RequestFacts } from './request-end.ts';

/** What is looked up when it is asked for, rather than counted. */
export type ServiceState = {
  readonly ready: boolean;
  readonly queued: number;
  readonly queueLimit: number;
  readonly workers: number;
  readonly loadedWorkers: number;
  readonly busyWorkers: number;
};

const secondsBuckets = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];
const realTimeBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/** Routes whose failures are answers: a service that is loading is not ready. */
export const probes: readonly string[] = ['/livez', '/readyz', '/metrics'];

/** One reader of an acoustic model's emissions in an answer. */
type ReaderTimes = {
  readonly label: string;
  readonly pass: PassName;
  readonly milliseconds: StageTimes;
};

/**
 * The figures behind `GET /metrics`, in a registry of their own, beside those of the process. Every label's
 * values come from tables in the code, so that no client adds to them.
 */
export class ServiceMetrics {
  readonly registry = new Registry();
  /** What the recognition service is to tell. */
  readonly recognitionObserver: RecognitionObserver = {
    queueLeft: (milliseconds) => this.queueWait.observe(milliseconds / 1000),
    worked: ({ executions, inferences }) => {
      this.executions.inc(executions);
      this.inferences.inc(inferences);
    },
    workerEnded: () => this.workerEnds.inc(),
    reloaded: (outcome) => this.reloads.inc({ outcome }),
    answered: (answer) => this.answered(answer),
  };

  private readonly requests = this.counter(
    'sori_requests_total',
    'Requests that have ended, by route, status and decoder',
    ['route', 'status', 'decoder'],
  );
  private readonly failures = this.counter(
    'sori_failures_total',
    'Requests that failed, by reason and error code; not those of probes',
    ['reason', 'code'],
  );
  private readonly requestSeconds = this.histogram(
    'sori_request_seconds',
    'From the headers of a request to its end',
    ['route'],
  );
  private readonly queueWait = this.histogram(
    'sori_queue_wait_seconds',
    'From the complete request to a worker, or to its being given up',
  );
  private readonly audioDecodingSeconds = this.histogram(
    'sori_audio_decoding_seconds',
    'Decoding of an audio file',
  );
  private readonly featureSeconds = this.histogram(
    'sori_feature_seconds',
    'Resampling and features, by the acoustic model that reads them; what several share in each',
    ['acoustic_model'],
  );
  private readonly inferenceSeconds = this.histogram(
    'sori_inference_seconds',
    'Running the graph of an acoustic model; the share of a run that was shared',
    ['acoustic_model'],
  );
  private readonly searchSeconds = this.histogram(
    'sori_search_seconds',
    'Search for the words, or for their times, by decoder',
    ['decoder'],
  );
  private readonly realTimeFactor = new Histogram({
    name: 'sori_real_time_factor',
    help: 'Seconds of computation by second of audio, of each answer',
    buckets: realTimeBuckets,
    registers: [this.registry],
  });
  private readonly audioSeconds = this.counter(
    'sori_audio_seconds_total',
    'Seconds of audio, or of its features, in requests that were answered',
  );
  private readonly executions = this.counter(
    'sori_executions_total',
    'Batches that acoustic models have run',
  );
  private readonly inferences = this.counter(
    'sori_inferences_total',
    'Sequences in those batches; by executions, the mean size of a batch',
  );
  private readonly workerEnds = this.counter(
    'sori_worker_ends_total',
    'Worker threads that ended of themselves',
  );
  private readonly reloads = this.counter(
    'sori_reloads_total',
    'Times that the models were to be read anew, by whether they are served since',
    ['outcome'],
  );

  constructor(state: () => ServiceState) {
    this.gauge('sori_ready', 'Whether requests are taken: 1 or 0', () => Number(state().ready));
    this.gauge('sori_queue_length', 'Requests that wait for a worker', () => state().queued);
    this.gauge('sori_queue_limit', 'Requests that may wait', () => state().queueLimit);
    this.gauge('sori_workers', 'Worker threads that there should be', () => state().workers);
    this.gauge('sori_workers_loaded', 'Those that have their models', () => state().loadedWorkers);
    this.gauge('sori_workers_busy', 'Those that have a request', () => state().busyWorkers);
    for (const outcome of reloadOutcomes) this.reloads.inc({ outcome }, 0);
    for (const [code, reason] of Object.entries(reasonOf)) this.failures.inc({ reason, code }, 0);
    collectDefaultMetrics({ register: this.registry });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  requestEnded({ route, status, failure, facts, milliseconds }: RequestEnd): void {
    this.requests.inc({ route, status, decoder: decoderLabel(facts) });
    this.requestSeconds.observe({ route }, milliseconds / 1000);
    if (failure !== undefined && !probes.includes(route))
      this.failures.inc({ reason: reasonOf[failure], code: failure });
  }

  private answered({ result }: ServedAnswer<TaskKind>): void {
    const { milliseconds, durationSeconds } = result;
    const observe = (took: number | undefined, histogram: { observe(value: number): void }) => {
      if (took !== undefined) histogram.observe(took / 1000);
    };
    observe(milliseconds.audio, this.audioDecodingSeconds);
    const heard = new Set<PassName>();
    for (const { label, pass, milliseconds } of readersOf(result)) {
      if (!heard.has(pass)) {
        observe(milliseconds.features, this.featureSeconds.labels(pass));
        observe(milliseconds.inference, this.inferenceSeconds.labels(pass));
      }
      heard.add(pass);
      observe(milliseconds.search, this.searchSeconds.labels(label));
    }
    this.audioSeconds.inc(durationSeconds);
    if (durationSeconds === 0) return;
    // What acoustic models have in common counts once here.
    const spent = 'totalMilliseconds' in result ? result.totalMilliseconds : milliseconds;
    const computed = Object.values(spent).reduce((sum, took) => sum + took / 1000, 0);
    this.realTimeFactor.observe(computed / durationSeconds);
  }

  private counter<Label extends string = never>(
    name: string,
    help: string,
    labelNames: Label[] = [],
  ) {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram<Label extends string = never>(
    name: string,
    help: string,
    labelNames: Label[] = [],
  ) {
    const buckets = secondsBuckets;
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }

  private gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(value());
      },
    });
  }
}

/** Decoders of one acoustic model have its features and its inference in common. */
function readersOf(result: ServedAnswer<TaskKind>['result']): ReaderTimes[] {
  if ('alignment' in result) {
    const { method, milliseconds } = result;
    return [{ label: `${method}_alignment`, pass: passOf(method), milliseconds }];
  }
  if ('emissions' in result) {
    const { acousticModel, milliseconds } = result;
    return [{ label: 'none', pass: acousticModel, milliseconds }];
  }
  const readings = 'readings' in result ? result.readings : [result];
  return readings.flatMap((reading) => {
    if (!('hypotheses' in reading)) return [];
    const { decoder, milliseconds } = reading;
    return [{ label: decoder, pass: passOf(decoder), milliseconds }];
  });
}

/**
 * A decoder's name, `…_alignment`, `several` for a comparison of more than one, or `none` where nothing was
 * decoded or the request was refused before it was known what was to be.
 */
function decoderLabel({ decoder, decoders, aligner }: RequestFacts): string {
  if (aligner !== undefined) return `${aligner}_alignment`;
  const name = decoder ?? decoders;
  if (name === undefined) return 'none';
  return decoderNames.includes(name as DecoderName) ? String(name) : 'several';
}
