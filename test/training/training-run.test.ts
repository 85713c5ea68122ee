import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../src/training/checkpoint.ts';
import { MetricsLog } from '../../src/training/metrics-log.ts';
import { type RunOptions, runTraining } from '../../src/training/training-run.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/tiny-model.ts';
import { toneConfiguration, unvaried, writeToneCorpus } from './tones.ts';

describe('a training run', () => {
  let folder: TemporaryFolder;

  beforeAll(async () => {
    folder = await temporaryFolder();
    await writeToneCorpus(join(folder.path, 'train'), 1, 40);
    await writeToneCorpus(join(folder.path, 'dev'), 2, 12);
  });
  afterAll(() => folder.remove());

  const optionsFor = (run: string, change: Partial<RunOptions> = {}): RunOptions => ({
    configuration: toneConfiguration(),
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
    const configuration = toneConfiguration({ augmentation: unvaried, weightNoise: 0, steps: 300 });
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
      configuration: toneConfiguration({ steps: 2, evaluateEvery: 2 }),
    });
    const { trainer } = await runTraining(options);
    await trainer.release();
    const changed = { ...options, configuration: toneConfiguration({ steps: 4 }), resume: true };
    await expect(runTraining(changed)).rejects.toThrow(/configuration has changed/);
  });

  it('serves a share of the weights that it begins with, also once it is taken up again', async () => {
    const configuration = toneConfiguration({ steps: 4, evaluateEvery: 4 });
    const first = await runTraining(optionsFor('first', { configuration }));
    const begun = first.trainer.bestServedParameters.slice();
    await first.trainer.release();
    const startFrom = join(optionsFor('first').runFolder, 'checkpoint.bin');
    const served = async (run: string, startShare: number, resume = false) => {
      const next = toneConfiguration({ steps: 3, evaluateEvery: 3, seed: 5, startShare });
      const options = optionsFor(run, { configuration: next, startFrom, resume });
      const { trainer } = await runTraining(options);
      const weights = trainer.bestServedParameters.slice();
      expect(trainer.servedParameters).toEqual(weights);
      await trainer.release();
      return weights;
    };
    const learnt = await served('learnt', 0);
    const mixed = await served('mixed', 0.25);
    expect(mixed).toEqual(learnt.map((weight, i) => weight + 0.25 * (begun[i]! - weight)));
    expect(mixed).not.toEqual(learnt);
    expect(await served('mixed', 0.25, true)).toEqual(mixed);
    const configurationAlone = toneConfiguration({ startShare: 0.25 });
    await expect(
      runTraining(optionsFor('alone', { configuration: configurationAlone })),
    ).rejects.toThrow('startShare: expected weights that the run begins with');
  });

  it('stops early when the dev score no longer improves', async () => {
    const configuration = toneConfiguration({
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
