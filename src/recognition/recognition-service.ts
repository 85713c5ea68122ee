import type { AcousticWork } from '../acoustic/acoustic-model.ts';
import { SoriError } from '../errors.ts';
import { chooseModel, type ModelWishes } from './model-choice.ts';
import { loadModelFolders, type ModelFolder, ModelFolderError } from './model-folder.ts';
import { limitsOf, type RequestLimits } from './request-limits.ts';
import { type PoolEvents, WorkerPool } from './worker-pool.ts';
import type { Answers, LoadedModel, RecognitionTask, TaskKind } from './worker-protocol.ts';

export type RecognitionSettings = RequestLimits & {
  readonly modelsDirectory: string;
  readonly defaultModel: string | undefined;
  readonly workers: number;
  readonly queueLimit: number;
  readonly deadlineSeconds: number;
  readonly maxAudioSeconds: number;
};

/** Where the service tells what no client hears of; pino's logger is one. */
export type ServiceLog = { readonly warn: (facts: object, message: string) => void };

/** Whom the service tells of what it does, to be counted. */
export type RecognitionObserver = Omit<PoolEvents, 'workerEnded'> & {
  readonly workerEnded?: () => void;
  readonly answered?: (answer: ServedAnswer<TaskKind>) => void;
};

/** A model that is being served. */
export type ServedModel = ModelFolder & { readonly loaded: LoadedModel };

/** An answer and the model that gave it. */
export type ServedAnswer<Kind extends TaskKind> = {
  readonly model: ServedModel;
  readonly options: Answers[Kind]['options'];
  readonly result: Answers[Kind]['result'];
  readonly queuedMilliseconds: number;
  readonly work: AcousticWork;
};

const unavailability = {
  loading: 'the models are being loaded',
  failing: 'no worker can be started at present',
  draining: 'the service is shutting down',
} as const;

/**
 * The models and the workers behind the routes. `loading` until every worker has every model, then
 * `ready`, then `draining` until the last accepted request is answered. It stays `ready` while a worker
 * is replaced, even the only one: requests wait for the next. `failing` says that there is none, and that
 * several in a row could not be started.
 */
export class RecognitionService {
  private readonly settings: RecognitionSettings;
  private readonly log: ServiceLog;
  private readonly observer: RecognitionObserver;
  private served: readonly ServedModel[] = [];
  private phase: 'loading' | 'ready' | 'draining' = 'loading';
  private workerPool: WorkerPool | undefined;

  constructor(settings: RecognitionSettings, log: ServiceLog, observer: RecognitionObserver = {}) {
    this.settings = settings;
    this.log = log;
    this.observer = observer;
  }

  /**
   * Loads and checks every model, here and in the workers.
   * @throws ModelFolderError or Error that names the file at fault
   */
  async start(): Promise<void> {
    const { modelsDirectory, defaultModel, workers, queueLimit, maxAudioSeconds } = this.settings;
    const models = await loadModelFolders(modelsDirectory);
    if (defaultModel !== undefined && !models.some(({ name }) => name === defaultModel))
      throw new ModelFolderError(modelsDirectory, `expected the default model "${defaultModel}"`);
    this.workerPool = new WorkerPool(
      { models, defaultModel, maxAudioSeconds, limits: limitsOf(this.settings) },
      { workers, queueLimit },
      {
        ...this.observer,
        workerEnded: (end) => {
          this.observer.workerEnded?.();
          this.log.warn(end, 'a worker ended');
        },
      },
    );
    const loadedModels = await this.workerPool.start();
    this.served = models.map((model) => {
      const loaded = loadedModels.find(({ name }) => name === model.name);
      if (loaded === undefined) throw new Error(`no worker has loaded model ${model.name}`);
      return { ...model, loaded };
    });
    if (this.phase === 'loading') this.phase = 'ready';
  }

  /** Whether requests are taken, and if not, why. */
  get state(): keyof typeof unavailability | 'ready' {
    const failing = this.phase === 'ready' && this.workerPool?.failing === true;
    return failing ? 'failing' : this.phase;
  }

  get models(): readonly ServedModel[] {
    return this.served;
  }

  /**
   * The model that documentation is exemplified by: the default one, or the first.
   * @throws SoriError not_ready until there is one
   */
  get exampleModel(): ServedModel {
    const { defaultModel } = this.settings;
    const model = this.served.find(({ name }) => name === defaultModel) ?? this.served[0];
    if (model === undefined) throw this.unavailable();
    return model;
  }

  get pool(): WorkerPool | undefined {
    return this.workerPool;
  }

  /**
   * The model that a request means.
   * @throws SoriError model_not_found | invalid_request
   */
  choose(request: ModelWishes): ServedModel {
    return chooseModel(this.served, this.settings.defaultModel, request);
  }

  /**
   * Has a worker do a task, before the deadline. What can be refused without one is.
   * @param abandoned raised when nobody waits for the answer any more
   * @throws SoriError
   */
  async run<Task extends RecognitionTask>(
    task: Task,
    abandoned: AbortSignal,
  ): Promise<ServedAnswer<Task['kind']>> {
    // Draining turns requests away at the door; one whose body was still on its way then is answered.
    const isServing = this.state === 'ready' || this.state === 'draining';
    if (this.workerPool === undefined || !isServing) throw this.unavailable();
    const { deadlineSeconds } = this.settings;
    if ('options' in task) this.choose(task.options);
    const deadline = new AbortController();
    const timer = setTimeout(() => {
      const message = `no answer within ${deadlineSeconds} s, waiting in the queue included`;
      deadline.abort(new SoriError('deadline_exceeded', message));
    }, 1000 * deadlineSeconds);
    try {
      const signal = AbortSignal.any([abandoned, deadline.signal]);
      const answer = await this.workerPool.run(task, signal);
      const { model, options, result, queuedMilliseconds, work } = answer;
      const served = {
        model: this.choose({ model }),
        options,
        result,
        queuedMilliseconds,
        work,
      };
      this.observer.answered?.(served);
      return served;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Why no request is taken, for the client whose request it was. */
  unavailable(): SoriError {
    const { state } = this;
    return new SoriError('not_ready', unavailability[state === 'ready' ? 'loading' : state]);
  }

  /** Refuses new requests from now on. */
  drain(): void {
    this.phase = 'draining';
  }

  /** Answers what was accepted, then ends the workers. */
  async close(): Promise<void> {
    this.drain();
    await this.workerPool?.close();
  }
}
