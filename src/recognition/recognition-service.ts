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
  /** Requests that a worker may take at once. */
  readonly batch: number;
  readonly deadlineSeconds: number;
  readonly maxAudioSeconds: number;
};

/** Where the service tells what no client hears of; pino's logger is one. */
export type ServiceLog = { readonly warn: (facts: object, message: string) => void };

/** Whom the service tells of what it does, to be counted. */
export type RecognitionObserver = Omit<PoolEvents, 'workerEnded'> & {
  readonly workerEnded?: () => void;
  /** The models were to be read anew. */
  readonly reloaded?: (outcome: ReloadOutcome) => void;
  readonly answered?: (answer: ServedAnswer<TaskKind>) => void;
};

export const reloadOutcomes = ['served', 'failed'] as const;
export type ReloadOutcome = (typeof reloadOutcomes)[number];

/** A model that is being served. */
export type ServedModel = ModelFolder & { readonly loaded: LoadedModel };

/** An answer and the model that gave it. */
export type ServedAnswer<Kind extends TaskKind> = {
  readonly model: ServedModel;
  readonly options: Answers[Kind]['options'];
  readonly result: Answers[Kind]['result'];
  readonly queuedMilliseconds: number;
  /** Runs of graphs that it had a part in, and the sequences in them. */
  readonly shared: AcousticWork;
};

/** Models and the workers that hold them: what is answered by these is answered by those. */
type Serving = { readonly models: readonly ServedModel[]; readonly pool: WorkerPool };

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
 *
 * Models that are read anew come with workers of their own, beside those before them, which end when they
 * have answered what they had.
 */
export class RecognitionService {
  private readonly settings: RecognitionSettings;
  private readonly log: ServiceLog;
  private readonly observer: RecognitionObserver;
  private phase: 'loading' | 'ready' | 'draining' = 'loading';
  /** Where new requests go. */
  private serving: Serving | undefined;
  /** Every one that may still have threads; the first while nothing is served yet is the one that will be. */
  private readonly pools = new Set<WorkerPool>();
  private lastReload: Promise<unknown> = Promise.resolve();

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
    this.serving = await this.load();
    if (this.phase === 'loading') this.phase = 'ready';
  }

  /**
   * Reads the models anew, and serves them once every new worker has them; until then, and if they cannot be
   * loaded, those before. One that is asked for while another is under way comes after it.
   * @throws ModelFolderError or Error that names the file at fault; SoriError not_ready
   */
  reload(): Promise<void> {
    const reload = this.lastReload.then(() => this.replace());
    this.lastReload = reload.catch(() => {});
    return reload;
  }

  private async replace(): Promise<void> {
    const before = this.serving;
    if (before === undefined || this.phase !== 'ready') throw this.unavailable();
    try {
      this.serving = await this.load();
    } catch (error) {
      this.observer.reloaded?.('failed');
      throw error;
    }
    this.observer.reloaded?.('served');
    void this.retire(before.pool);
  }

  private async load(): Promise<Serving> {
    const { modelsDirectory, defaultModel, workers, queueLimit, batch, maxAudioSeconds } =
      this.settings;
    const models = await loadModelFolders(modelsDirectory);
    if (defaultModel !== undefined && !models.some(({ name }) => name === defaultModel))
      throw new ModelFolderError(modelsDirectory, `expected the default model "${defaultModel}"`);
    const pool = new WorkerPool(
      { models, defaultModel, maxAudioSeconds, limits: limitsOf(this.settings) },
      { workers, queueLimit, batch },
      {
        ...this.observer,
        workerEnded: (end) => {
          this.observer.workerEnded?.();
          this.log.warn(end, 'a worker ended');
        },
      },
    );
    this.pools.add(pool);
    try {
      return { models: withLoaded(models, await pool.start()), pool };
    } catch (error) {
      void this.retire(pool);
      throw error;
    }
  }

  /** Has a pool answer what it has, and end. */
  private async retire(pool: WorkerPool): Promise<void> {
    await pool.close();
    this.pools.delete(pool);
  }

  /** Whether requests are taken, and if not, why. */
  get state(): keyof typeof unavailability | 'ready' {
    const failing = this.phase === 'ready' && this.serving?.pool.failing === true;
    return failing ? 'failing' : this.phase;
  }

  get models(): readonly ServedModel[] {
    return this.serving?.models ?? [];
  }

  /**
   * The model that documentation is exemplified by: the default one, or the first.
   * @throws SoriError not_ready until there is one
   */
  get exampleModel(): ServedModel {
    const { defaultModel } = this.settings;
    const model = this.models.find(({ name }) => name === defaultModel) ?? this.models[0];
    if (model === undefined) throw this.unavailable();
    return model;
  }

  /** The workers that new requests go to, or will. */
  get pool(): WorkerPool | undefined {
    return this.serving?.pool ?? [...this.pools][0];
  }

  /**
   * The model that a request means.
   * @throws SoriError model_not_found | invalid_request
   */
  choose(request: ModelWishes): ServedModel {
    return chooseModel(this.models, this.settings.defaultModel, request);
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
    const { serving } = this;
    if (serving === undefined || !isServing) throw this.unavailable();
    const { deadlineSeconds } = this.settings;
    if ('options' in task) this.choose(task.options);
    const deadline = new AbortController();
    const timer = setTimeout(() => {
      const message = `no answer within ${deadlineSeconds} s, waiting in the queue included`;
      deadline.abort(new SoriError('deadline_exceeded', message));
    }, 1000 * deadlineSeconds);
    try {
      const signal = AbortSignal.any([abandoned, deadline.signal]);
      const answer = await serving.pool.run(task, signal);
      const { model, options, result, queuedMilliseconds, shared } = answer;
      const served = {
        model: chooseModel(serving.models, undefined, { model }),
        options,
        result,
        queuedMilliseconds,
        shared,
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
    await this.lastReload;
    await Promise.all([...this.pools].map((pool) => this.retire(pool)));
  }
}

function withLoaded(
  models: readonly ModelFolder[],
  loadedModels: readonly LoadedModel[],
): ServedModel[] {
  return models.map((model) => {
    const loaded = loadedModels.find(({ name }) => name === model.name);
    if (loaded === undefined) throw new Error(`no worker has loaded model ${model.name}`);
    return { ...model, loaded };
  });
}
