import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/wav.ts';
import { Random } from '../../src/math/random.ts';
import { readCheckpoint } from '../../src/training/checkpoint.ts';
import {
  type TrainingConfiguration,
  trainingConfigurationSchema,
} from '../../src/training/configuration.ts';
import { MetricsLog } from '../../src/training/metrics-log.ts';
import { type RunOptions, runTraining } from '../../src/training/training-run.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/tiny-model.ts';

const sampleRateHz = 8000;
const toneHz: Record<string, number> = { low: 300, middle: 900, high: 2200 };

/** Recordings as they are: quick to make and quick to learn. */
const unvaried = Object.fromEntries(
  [
    ...[
      'cut',
      'speed',
      'pad',
      'reverberation',
      'equalisation',
      'band',
      'noise',
      'level',
      'overload',
    ],
    ...['vocalTract', 'masking'],
  ].map((step) => [step, { probability: 0 }]),
);

/** A "language" of three tones: a recording is a row of words, a tone in faint noise each. */
async function writeCorpus(folder: string, seed: number, clips: number): Promise<void> {
  const random = new Random(seed);
  await mkdir(join(folder, 'audio'), { recursive: true });
  const rows: string[] = [];
  for (let clip = 0; clip < clips; clip++) {
    const words = Array.from({ length: 1 + random.integer(3) }, () =>
      random.pick(Object.keys(toneHz)),
    );
    const wordSamples = 0.3 * sampleRateHz;
    const samples = Float32Array.from({ length: words.length * wordSamples }, (_, n) => {
      const frequency = toneHz[words[Math.floor(n / wordSamples)]!]!;
      const inWord = (n % wordSamples) / wordSamples;
      const tone = inWord < 0.6 ? 0.3 * Math.sin((2 * Math.PI * frequency * n) / sampleRateHz) : 0;
      return tone + 0.003 * random.gaussian();
    });
    const path = `audio/${clip}.wav`;
    await writeFile(join(folder, path), encodeWav({ sampleRateHz, samples }));
    const duration = samples.length / sampleRateHz;
    const row = {
      audio_filepath: path,
      duration,
      text: words.join(' '),
      speaker: 'tone',
      corpus: 'tones',
    };
    rows.push(JSON.stringify(row));
  }
  await writeFile(join(folder, 'manifest.jsonl'), `${rows.join('\n')}\n`);
}

function configure(change: Record<string, unknown> = {}): TrainingConfiguration {
  return trainingConfigurationSchema.parse({
    name: 'tones',
    language: 'en',
    description: 'Three tones',
    architecture: { layers: 1, hidden: 12 },
    features: {
      kind: 'log-mel',
      sampleRateHz,
      frameLengthSeconds: 0.025,
      frameShiftSeconds: 0.01,
      window: 'povey',
      preemphasis: 0.97,
      removeDcOffset: true,
      melBins: 16,
      lowHz: 60,
      highHz: 3800,
      deltas: { order: 0, window: 2 },
      normalisation: { kind: 'none' },
      stack: 3,
      stride: 3,
    },
    normalisationExamples: 50,
    alphabet: { kind: 'words', labels: ['<blank>', 'low', 'middle', 'high'], blank: 0 },
    data: {
      batchSize: 8,
      bucketSteps: 2,
      maxSeconds: 3,
      sources: [
        {
          name: 'tones',
          kind: 'utterances',
          weight: 1,
          pools: [{ manifest: 'train/manifest.jsonl' }],
        },
      ],
    },
    dropout: { hidden: 0.1 },
    weightNoise: 0.01,
    schedule: { learningRate: 0.02, warmupSteps: 10 },
    averagingDecay: 0.9,
    steps: 160,
    evaluateEvery: 40,
    devSets: [{ name: 'tones', manifest: 'dev/manifest.jsonl' }],
    corpora: [{ corpus: 'tones', licence: 'CC0', manifests: ['train/manifest.jsonl'] }],
    ...change,
  });
}

describe('a training run', () => {
  let folder: TemporaryFolder;

  beforeAll(async () => {
    folder = await temporaryFolder();
    await writeCorpus(join(folder.path, 'train'), 1, 40);
    await writeCorpus(join(folder.path, 'dev'), 2, 12);
  });
  afterAll(() => folder.remove());

  const optionsFor = (run: string, change: Partial<RunOptions> = {}): RunOptions => ({
    configuration: configure(),
    corporaRoots: [folder.path],
    runFolder: join(folder.path, 'runs', run),
    cacheFolder: join(folder.path, 'cache'),
    resume: false,
    threads: 1,
    dataWorkers: 1,
    signal: new AbortController().signal,
    ...change,
  });

  it('learns to recognise recordings that it has not seen, and logs how', async () => {
    const configuration = configure({ augmentation: unvaried, weightNoise: 0, steps: 300 });
    const options = optionsFor('learns', { configuration });
    const { trainer } = await runTraining(options);
    expect(trainer.best?.sets['tones']).toBeLessThan(0.1);
    const metrics = await new MetricsLog(join(options.runFolder, 'metrics.jsonl')).read();
    const losses = metrics.filter((line) => line.kind === 'training').map(({ loss }) => loss);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 3);
    const evaluations = metrics.filter((line) => line.kind === 'evaluation');
    expect(evaluations.map(({ step }) => step)).toEqual([40, 80, 120, 160, 200, 240, 280, 300]);
    expect(await readFile(join(options.runFolder, 'learning-curve.svg'), 'utf8')).toMatch(/^<svg/);
    await trainer.release();
  });

  it('ends with the same weights, bit for bit, when it is stopped and taken up again', async () => {
    const whole = await runTraining(optionsFor('whole', { dataWorkers: 2 }));
    const stop = new AbortController();
    const interrupted = optionsFor('interrupted', {
      signal: stop.signal,
      onStep: ({ step }) => {
        if (step === 57) stop.abort(new Error('stopped by the test'));
      },
    });
    await expect(runTraining(interrupted)).rejects.toThrow('stopped by the test');
    const checkpointPath = join(interrupted.runFolder, 'checkpoint.bin');
    expect((await readCheckpoint(checkpointPath)).step).toBe(57);

    const resumed = await runTraining({ ...optionsFor('interrupted'), resume: true });
    const run = {
      configurationSha256: '',
      seconds: 0,
      normalisation: { mean: [], inverseDeviation: [] },
    };
    expect(resumed.trainer.toCheckpoint(run)).toEqual(whole.trainer.toCheckpoint(run));
    const log = await new MetricsLog(join(interrupted.runFolder, 'metrics.jsonl')).read();
    expect(log.map(({ step }) => step)).toEqual([40, 50, 80, 100, 120, 150, 160]);
    await whole.trainer.release();
    await resumed.trainer.release();
  });

  it('does not go on from the checkpoint of another configuration', async () => {
    const options = optionsFor('changed', {
      configuration: configure({ steps: 2, evaluateEvery: 2 }),
    });
    const { trainer } = await runTraining(options);
    await trainer.release();
    const changed = { ...options, configuration: configure({ steps: 4 }), resume: true };
    await expect(runTraining(changed)).rejects.toThrow(/configuration has changed/);
  });

  it('stops early when the dev score no longer improves', async () => {
    const configuration = configure({
      schedule: { learningRate: 1e-12, warmupSteps: 0 },
      evaluateEvery: 2,
      patience: 3,
    });
    const { trainer } = await runTraining(optionsFor('patience', { configuration }));
    expect(trainer.stepsDone).toBe(8);
    expect(trainer.best?.step).toBe(2);
    await trainer.release();
  });
});
