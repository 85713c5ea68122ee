import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type HmmTrainingConfiguration,
  hmmTrainingConfigurationSchema,
} from '../../../src/training/hmm/configuration.ts';
import { readHmmCheckpoint } from '../../../src/training/hmm/hmm-checkpoint.ts';
import { hmmDefinitionOf } from '../../../src/training/hmm/hmm-definition.ts';
import { type HmmRunOptions, runHmmTraining } from '../../../src/training/hmm/hmm-run.ts';
import type { IterationResult } from '../../../src/training/hmm/hmm-trainer.ts';
import { kaldiRecipe } from '../../features/kaldi-recipes.ts';
import { type TemporaryFolder, temporaryFolder } from '../../support/tiny-model.ts';
import { toneConfiguration, unvaried, writeToneCorpus } from '../tones.ts';

const stage = (method: string, iterations: number, word: number, learnTransform = false) => ({
  method,
  iterations,
  components: { word, silence: word },
  learnTransform,
});

/** Learns the tones of `toneConfiguration`. */
function toneHmm(change: Record<string, unknown> = {}): HmmTrainingConfiguration {
  return hmmTrainingConfigurationSchema.parse({
    base: 'training.json',
    features: {
      ...kaldiRecipe('mfcc', 8000, 16),
      cepstra: 8,
      lowHz: 60,
      highHz: 3800,
      normalisation: { kind: 'utterance', variance: true },
    },
    examples: 40,
    augmentation: unvaried,
    units: { word: { states: 4 }, silence: { states: 2 } },
    stages: [stage('align', 3, 1), stage('baum-welch', 3, 1), stage('baum-welch', 3, 2)],
    shards: 2,
    decoding: {
      wordPenalty: -10,
      fillerPenalty: 0,
      noisePenalty: 0,
      beam: 200,
      posteriorScale: 0.1,
    },
    ...change,
  });
}

describe('training an HMM', () => {
  let folder: TemporaryFolder;

  beforeAll(async () => {
    folder = await temporaryFolder();
    await writeToneCorpus(join(folder.path, 'train'), 1, 40);
    await writeToneCorpus(join(folder.path, 'dev'), 2, 12);
  });
  afterAll(() => folder.remove());

  const optionsFor = (run: string, change: Partial<HmmRunOptions> = {}): HmmRunOptions => ({
    base: toneConfiguration(),
    configuration: toneHmm(),
    corporaRoots: [folder.path],
    runFolder: join(folder.path, 'runs', run),
    cacheFolder: join(folder.path, 'cache'),
    resume: false,
    signal: new AbortController().signal,
    ...change,
  });

  it('learns from the order of words alone to recognise recordings that it has not seen', async () => {
    const results: IterationResult[] = [];
    const options = optionsFor('learns', { onIteration: (result) => results.push(result) });
    const { tried, parameters } = await runHmmTraining(options);
    expect(tried[0]!.scores.sets['tones']).toBe(0);
    expect(parameters.mixtures.logWeights.length).toBeGreaterThan(3 * 4 + 2);
    // Within a stage every iteration fits the examples better than the one before it.
    for (const [index, { stage: number, logLikelihoodPerFrame }] of results.entries()) {
      const before = results[index - 1];
      if (before?.stage === number)
        expect(logLikelihoodPerFrame).toBeGreaterThan(before.logLikelihoodPerFrame);
    }
    const log = await readFile(join(options.runFolder, 'metrics.jsonl'), 'utf8');
    expect(
      log
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(results);
  });

  it('learns a transform and goes on in its space', async () => {
    const configuration = toneHmm({
      transform: { context: 2, dims: 6 },
      stages: [stage('align', 4, 1), stage('align', 3, 1, true), stage('baum-welch', 2, 2)],
    });
    const { tried, parameters } = await runHmmTraining(optionsFor('transform', { configuration }));
    expect(parameters.mixtures.dims).toBe(6);
    expect(parameters.transform).toMatchObject({ context: 2, inputDims: 8, outputDims: 6 });
    expect(tried[0]!.scores.sets['tones']).toBeLessThan(0.05);
  });

  it('learns words that are made of shorter units, in one of several pronunciations', async () => {
    const lexicon = {
      low: [['l', 'end'], ['l']],
      middle: [['m', 'end']],
      high: [['h', 'end'], ['h']],
    };
    const units = { word: { states: 3, statesOf: { end: 1 } }, silence: { states: 2 } };
    const configuration = toneHmm({ lexicon, units });
    const { tried, parameters } = await runHmmTraining(optionsFor('lexicon', { configuration }));
    expect(Object.keys(parameters.units).sort()).toEqual(['<silence>', 'end', 'h', 'l', 'm']);
    expect(parameters.units['end']!.emissions).toHaveLength(1);
    expect(tried[0]!.scores.sets['tones']).toBeLessThan(0.1);
    expect(hmmDefinitionOf(parameters, tried[0]!.decoding).lexicon).toEqual(lexicon);
  });

  it.each([
    [{ low: [['l']], middle: [['m']] }, 'expected every word of the labels, got none for "high"'],
    [
      { low: [['l']], middle: [['m']], high: [['h']], deep: [['d']] },
      'expected words of the labels, got "deep"',
    ],
    [
      { low: [['l']], middle: [['m']], high: [['<silence>']] },
      '<silence> stands for no part of a word',
    ],
  ])('wants a lexicon of the words that the labels have: %j', async (lexicon, message) => {
    const configuration = toneHmm({ lexicon });
    await expect(runHmmTraining(optionsFor('lexica', { configuration }))).rejects.toThrow(message);
  });

  it('measures the figures that utterances are adapted from, and learns by them', async () => {
    const { features } = toneHmm();
    const configuration = toneHmm({
      features: { ...features, normalisation: { kind: 'none' } },
      adaptation: { priorFrames: 30 },
    });
    const { tried, recipe } = await runHmmTraining(optionsFor('adapted', { configuration }));
    expect(recipe.normalisation).toMatchObject({ kind: 'adapted', priorFrames: 30 });
    const { mean } = recipe.normalisation as { mean: number[] };
    expect(mean).toHaveLength(8);
    // Relative to the loud frames, the mean of the first dimension lies below them.
    expect(mean[0]).toBeLessThan(0);
    expect(tried[0]!.scores.sets['tones']).toBeLessThan(0.1);
  });

  it('ends a stage early once an iteration gains less than its tolerance', async () => {
    const patient = [{ ...stage('align', 30, 1), tolerance: 0.05 }, stage('baum-welch', 2, 2)];
    const configuration = toneHmm({ stages: patient });
    const { iterations } = await runHmmTraining(optionsFor('converged', { configuration }));
    const log = await readFile(join(folder.path, 'runs', 'converged', 'metrics.jsonl'), 'utf8');
    const lines: IterationResult[] = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const first = lines.filter((line) => line.stage === 0);
    const gains = first
      .slice(1)
      .map((line, index) => line.logLikelihoodPerFrame - first[index]!.logLikelihoodPerFrame);
    expect(iterations).toBe(first.length + 2);
    expect(first.length).toBeLessThan(30);
    expect(gains.at(-1)).toBeLessThan(0.05);
    for (const gain of gains.slice(0, -1)) expect(gain).toBeGreaterThanOrEqual(0.05);
  });

  it('tries penalties on the dev sets and puts the best first', async () => {
    const tune = { wordPenalty: [-2000, -10], fillerPenalty: [0], noisePenalty: [0] };
    const configuration = toneHmm({ tune, stages: [stage('align', 4, 1)] });
    const { tried } = await runHmmTraining(optionsFor('tune', { configuration }));
    expect(tried.map(({ decoding }) => decoding.wordPenalty)).toEqual([-10, -2000]);
    expect(tried[0]!.scores.score).toBeLessThan(tried[1]!.scores.score);
  });

  it('ends with the same parameters, bit for bit, when it is stopped and taken up again', async () => {
    const whole = await runHmmTraining(optionsFor('whole'));
    const stop = new AbortController();
    const interrupted = optionsFor('interrupted', {
      signal: stop.signal,
      onIteration: ({ iteration }) => {
        if (iteration === 4) stop.abort(new Error('stopped by the test'));
      },
    });
    await expect(runHmmTraining(interrupted)).rejects.toThrow('stopped by the test');
    const resumed = await runHmmTraining({ ...optionsFor('interrupted'), resume: true });
    expect(resumed.parameters).toEqual(whole.parameters);
    expect(resumed.iterations).toBe(9);
    const logOf = (run: string) =>
      readFile(join(folder.path, 'runs', run, 'metrics.jsonl'), 'utf8');
    expect(await logOf('interrupted')).toBe(await logOf('whole'));
  });

  it('does not go on from the checkpoint of another configuration', async () => {
    const configuration = toneHmm({ stages: [stage('align', 1, 1)] });
    const options = optionsFor('changed', { configuration });
    await runHmmTraining(options);
    const changed = { ...options, configuration: toneHmm({ seed: 2 }), resume: true };
    await expect(runHmmTraining(changed)).rejects.toThrow(/configuration has changed/);
    const path = join(options.runFolder, 'checkpoint.json');
    await expect(readHmmCheckpoint(path, 'another')).rejects.toThrow(/configuration has changed/);
  });

  it('wants a filler unit where the labels have a filler', async () => {
    const alphabet = { kind: 'words', labels: ['<b>', '<o>', 'low'], blank: 0, filler: 1 } as const;
    const base = toneConfiguration({ alphabet });
    await expect(runHmmTraining(optionsFor('filler', { base }))).rejects.toThrow(/units.filler/);
  });
});
