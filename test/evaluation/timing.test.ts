import { expect, it } from 'vitest';
import { timingOf } from '../../src/evaluation/timing.ts';

it('adds up stages over clips and divides by the audio', () => {
  const clips = [
    { audioSeconds: 6, stageMilliseconds: { audio: 100, inference: 200 } },
    { audioSeconds: 4, stageMilliseconds: { inference: 700 } },
  ];
  const timing = timingOf(clips, 0.6);
  expect(timing.audioSeconds).toBe(10);
  expect(timing.wallSeconds).toBe(0.6);
  expect(Object.keys(timing.stageSeconds)).toEqual(['audio', 'inference']);
  const [audio, inference] = Object.values(timing.stageSeconds);
  expect(audio).toBeCloseTo(0.1, 12);
  expect(inference).toBeCloseTo(0.9, 12);
  expect(timing.workSeconds).toBeCloseTo(1, 12);
  expect(timing.realTimeFactor).toBeCloseTo(0.1, 12);
});

it('has a real-time factor of zero over no audio', () => {
  expect(timingOf([], 1)).toMatchObject({ audioSeconds: 0, realTimeFactor: 0, wallSeconds: 1 });
});
