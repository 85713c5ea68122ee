import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/wav.ts';
import { loadModelFolder } from '../../src/recognition/model-folder.ts';
import { Recognizer } from '../../src/recognition/recognizer.ts';
import { type Stage, stages } from '../../src/recognition/staged-run.ts';
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
