import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/math/random.ts';
import { Augmenter } from '../../../src/training/augmentation/augmenter.ts';
import { Background } from '../../../src/training/augmentation/background.ts';
import { augmentationSchema } from '../../../src/training/augmentation/config.ts';
import { peak, rms } from '../../../src/training/augmentation/level.ts';
import { clipOf } from '../../../src/training/data/clip.ts';
import { packAudio } from '../../../src/training/data/packed-audio.ts';
import { burst, makeCorpus, sampleRateHz } from '../data/corpora.ts';

const off = { probability: 0 };
const nothing = {
  reverberation: off,
  equalisation: off,
  band: off,
  noise: off,
  level: off,
  overload: off,
  coding: { muLaw: 0, quantise: 0 },
};

const voices = makeCorpus(['hello']);

function makeAugmenter(change: object): Augmenter {
  const clips = voices.rows.map((_, row) => clipOf(voices, row));
  const background = new Background(packAudio(sampleRateHz, []), clips, new Random(1));
  const config = augmentationSchema.parse({ ...nothing, ...change });
  return new Augmenter(config, sampleRateHz, background, 9);
}

function augmented(change: object, seed = 1): Float32Array {
  const samples = burst(0.5, 700, new Random(2));
  makeAugmenter(change).apply(samples, new Random(seed));
  return samples;
}

describe('Augmenter', () => {
  test('leaves the sound alone, but for its 16 bits, when nothing is asked for', () => {
    const original = burst(0.5, 700, new Random(2));
    for (const [n, x] of augmented({}).entries()) {
      expect(Math.abs(x - original[n]!)).toBeLessThanOrEqual(0.5 / 32768);
    }
  });

  test('depends on the random numbers alone', () => {
    const everything = {
      reverberation: {},
      equalisation: {},
      band: {},
      noise: {},
      level: {},
      coding: {},
    };
    expect(augmented(everything, 5)).toEqual(augmented(everything, 5));
    expect(augmented(everything, 5)).not.toEqual(augmented(everything, 6));
  });

  test('every single step changes the sound and keeps it inside full scale', () => {
    const always = { probability: 1 };
    const plain = augmented({});
    const steps = [
      { reverberation: always },
      { equalisation: always },
      { band: always },
      { noise: { probability: 1, recorded: 0, coloured: 1, babble: 0, snrDb: [5, 5] } },
      { noise: { probability: 1, recorded: 0, coloured: 0, babble: 1 } },
      { level: { probability: 1, peakDb: [-30, -20] } },
      { overload: always },
      { coding: { muLaw: 1, quantise: 0 } },
      { coding: { muLaw: 0, quantise: 1 } },
    ];
    for (const step of steps) {
      const changed = augmented(step);
      expect(changed).not.toEqual(plain);
      expect(changed.every(Number.isFinite)).toBe(true);
      expect(peak(changed)).toBeLessThanOrEqual(1);
    }
  });

  test('sets the peak that was asked for', () => {
    expect(peak(augmented({ level: { probability: 1, peakDb: [-12, -12] } }))).toBeCloseTo(
      10 ** (-12 / 20),
      4,
    );
  });

  test('gives background that is noise, or nothing at all', () => {
    const augmenter = makeAugmenter({ noise: {} });
    expect(rms(augmenter.makeBackground(4000, false, new Random(1)))).toBeGreaterThan(0);
    expect(rms(augmenter.makeBackground(4000, true, new Random(1)))).toBe(0);
  });
});

describe('augmentationSchema', () => {
  test('has a default for everything and refuses ranges that run backwards', () => {
    expect(augmentationSchema.parse({}).speed.ratio).toEqual([0.85, 1.18]);
    expect(() => augmentationSchema.parse({ speed: { ratio: [1.2, 0.9] } })).toThrow(
      'low end first',
    );
    expect(() => augmentationSchema.parse({ speed: { chance: 1 } })).toThrow();
  });
});
