import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/wav.ts';
import type { Comparison, Reading } from '../../src/recognition/comparison.ts';
import { loadModelFolder } from '../../src/recognition/model-folder.ts';
import { Recognizer } from '../../src/recognition/recognizer.ts';
import { type Checkpoint, type Stage, stages } from '../../src/recognition/staged-run.ts';
import { syntheticWaveform } from '../support/recording.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

describe('Recognizer', () => {
  const decoder = 'ctc_greedy';
  const waveform = syntheticWaveform({ seconds: 4, seed: 3 });
  let models: TemporaryFolder;
  let recognizer: Recognizer;

  beforeAll(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path);
    recognizer = await Recognizer.load(await loadModelFolder(join(models.path, 'tiny')));
  });
  afterAll(() => models.remove());

  it('gives a waveform, its features and its recording the same reading', async () => {
    const samples = waveform.samples.map((x) => Math.round(x * 32767) / 32768);
    const sixteenBit = { ...waveform, samples };
    const spoken = await recognizer.recognizeWaveform(sixteenBit, { decoder });
    const features = recognizer.featuresOf(sixteenBit);
    const read = await recognizer.recognizeFeatures(features, { decoder });
    const bytes = encodeWav(sixteenBit);
    const decoded = await recognizer.recognizeRecording(bytes, { decoder, maxSeconds: 10 });
    expect(spoken.hypotheses[0].text).toMatch(/[a-z]/);
    expect(read.hypotheses[0].text).toBe(spoken.hypotheses[0].text);
    expect(decoded.hypotheses[0].text).toBe(spoken.hypotheses[0].text);
    expect([spoken.durationSeconds, decoded.durationSeconds]).toEqual([4, 4]);
    expect(read.durationSeconds).toBeCloseTo(features.frames * 0.02, 9);
  });

  it('gives the same reading every time, whatever it has read before', async () => {
    const first = await recognizer.recognizeWaveform(waveform, { decoder });
    await recognizer.recognizeWaveform(syntheticWaveform({ seconds: 1, seed: 4 }), { decoder });
    const second = await recognizer.recognizeWaveform(waveform, { decoder });
    expect(second.hypotheses).toEqual(first.hypotheses);
  });

  it('has nothing to say of samples shorter than one frame', async () => {
    for (const length of [0, 1, 199]) {
      const short = { sampleRateHz: 8000, samples: waveform.samples.slice(0, length) };
      const { hypotheses } = await recognizer.recognizeWaveform(short, { decoder });
      expect(hypotheses).toEqual([
        { text: '', words: [], confidence: 1, score: 0, scoreParts: { acoustic: 0 } },
      ]);
    }
  });

  it('passes every stage in order, times it, and stops where its checkpoint throws', async () => {
    const bytes = encodeWav(waveform);
    for (const last of stages) {
      const passed: Stage[] = [];
      const run = recognizer.recognizeRecording(bytes, {
        decoder,
        maxSeconds: 10,
        checkpoint: (stage) => {
          passed.push(stage);
          if (stage === last) throw new Error(`stopped at ${stage}`);
        },
      });
      await expect(run).rejects.toThrow(`stopped at ${last}`);
      expect([...new Set(passed)]).toEqual(stages.slice(0, stages.indexOf(last) + 1));
    }
    const { milliseconds } = await recognizer.recognizeRecording(bytes, {
      decoder,
      maxSeconds: 10,
    });
    expect(Object.keys(milliseconds)).toEqual([...stages]);
  });
});

describe('Recognizer of a model with an HMM', () => {
  const waveform = syntheticWaveform({ seconds: 1, seed: 3, sampleRateHz: 22_050 });
  let models: TemporaryFolder;
  let recognizer: Recognizer;

  beforeAll(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path, { hmm: true });
    recognizer = await Recognizer.load(await loadModelFolder(join(models.path, 'tiny')));
  });
  afterAll(() => models.remove());

  it('makes features of both kinds from one waveform, each at its own rate and pace', () => {
    const [ctc, hmm] = [recognizer.featuresOf(waveform), recognizer.featuresOf(waveform, 'hmm')];
    expect([ctc.dims, hmm.dims]).toEqual([24, 12]);
    expect(ctc.frames * 0.02).toBeCloseTo(hmm.frames * 0.01, 1);
  });

  it('gives a waveform and its features the same reading', async () => {
    for (const [decoder, pass] of [
      ['ctc_greedy', 'ctc'],
      ['hmm', 'hmm'],
    ] as const) {
      const spoken = await recognizer.recognizeWaveform(waveform, { decoder });
      const features = recognizer.featuresOf(waveform, pass);
      const read = await recognizer.recognizeFeatures(features, { decoder });
      expect(read.hypotheses[0].text).toBe(spoken.hypotheses[0].text);
      expect(read.sha256).toBe(spoken.sha256);
    }
  });

  it('compares what each decoder reads alone', async () => {
    const bytes = encodeWav(waveform);
    const { readings, durationSeconds } = await recognizer.compareRecording(bytes, {
      maxSeconds: 10,
      nBest: 2,
    });
    expect(durationSeconds).toBe(1);
    for (const reading of readings) {
      const { decoder, hypotheses } = reading as Reading;
      const alone = await recognizer.recognizeRecording(bytes, {
        decoder,
        maxSeconds: 10,
        nBest: 2,
      });
      expect(hypotheses).toEqual(alone.hypotheses);
    }
  });

  it('has each acoustic model hear a recording once, whatever else is asked', async () => {
    const passed: Stage[] = [];
    await recognizer.compareRecording(encodeWav(waveform), {
      maxSeconds: 10,
      nBest: 3,
      reference: 'one two',
      checkpoint: (stage) => passed.push(stage),
    });
    const times = (stage: Stage) => passed.filter((name) => name === stage).length;
    expect([times('audio'), times('inference')]).toEqual([1, 2]);
  });

  it('stops a comparison and an alignment at every checkpoint', async () => {
    const bytes = encodeWav(waveform);
    const runs = [
      (checkpoint: Checkpoint) =>
        recognizer.compareRecording(bytes, { maxSeconds: 10, checkpoint }),
      (checkpoint: Checkpoint) =>
        recognizer.alignRecording(bytes, {
          ...{ method: 'hmm', words: ['one'], maxSeconds: 10, checkpoint },
        }),
    ];
    for (const run of runs) {
      for (const last of stages) {
        const stopped = run((stage) => {
          if (stage === last) throw new Error(`stopped at ${stage}`);
        });
        await expect(stopped).rejects.toThrow(`stopped at ${last}`);
      }
    }
  });
});

describe('Recognizer of a model with a hybrid', () => {
  const bytes = encodeWav(syntheticWaveform({ seconds: 1, seed: 3, sampleRateHz: 22_050 }));
  let models: TemporaryFolder;
  let recognizer: Recognizer;

  beforeAll(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path, { hmm: true, hybrid: true });
    recognizer = await Recognizer.load(await loadModelFolder(join(models.path, 'tiny')));
  });
  afterAll(() => models.remove());

  const featureTimes = ({ readings }: Comparison) =>
    readings.map((reading) => (reading as Reading).milliseconds.features!);

  it('counts resampling to each decoder, whichever came first, and once in all', async () => {
    for (const decoders of [
      ['ctc_greedy', 'hybrid'],
      ['hybrid', 'ctc_greedy'],
    ] as const) {
      const comparison = await recognizer.compareRecording(bytes, { maxSeconds: 10, decoders });
      const times = featureTimes(comparison);
      const resampling = times[0]! + times[1]! - comparison.totalMilliseconds.features!;
      expect(resampling).toBeGreaterThan(0);
      for (const took of times) expect(took).toBeGreaterThan(resampling);
    }
  });

  it('counts what decoders share once in all, and all else as it is', async () => {
    const decoders = ['ctc_greedy', 'ctc_beam', 'hmm'] as const;
    const comparison = await recognizer.compareRecording(bytes, { maxSeconds: 10, decoders });
    const { readings, milliseconds, totalMilliseconds } = comparison;
    const [greedy, beam, hmm] = readings.map((reading) => (reading as Reading).milliseconds);
    expect(greedy!.features).toBe(beam!.features);
    expect(totalMilliseconds.audio).toBe(milliseconds.audio);
    // The HMM's rate is one of its own.
    expect(totalMilliseconds.features).toBeCloseTo(greedy!.features! + hmm!.features!, 9);
    expect(totalMilliseconds.inference).toBeCloseTo(greedy!.inference! + hmm!.inference!, 9);
    const searches = greedy!.search! + beam!.search! + hmm!.search!;
    expect(totalMilliseconds.search).toBeCloseTo(searches, 9);
  });
});
