import { describe, expect, test } from 'vitest';
import { muLawReader } from '../../../src/audio/pcm.ts';
import { Random } from '../../../src/math/random.ts';
import { codeMuLaw, quantise } from '../../../src/training/augmentation/coding.ts';
import {
  type Biquad,
  bell,
  filter,
  highPass,
  highShelf,
  lowPass,
} from '../../../src/training/augmentation/filters.ts';
import { activeRms, peak, rms, setPeak } from '../../../src/training/augmentation/level.ts';
import { makeColouredNoise, mixAtSnr } from '../../../src/training/augmentation/noise.ts';
import { Reverberator } from '../../../src/training/augmentation/reverberation.ts';
import { changeSpeed, lengthAtSpeed } from '../../../src/training/augmentation/speed.ts';

const sampleRateHz = 8000;

function tone(frequencyHz: number, seconds: number, amplitude = 0.5): Float32Array {
  return Float32Array.from(
    { length: seconds * sampleRateHz },
    (_, n) => amplitude * Math.sin((2 * Math.PI * frequencyHz * n) / sampleRateHz),
  );
}

const toPcm = (samples: Float32Array) => Int16Array.from(samples, (x) => Math.round(x * 32768));

/** Amplitude of one frequency by its Fourier sum. */
function amplitudeAt(samples: Float32Array, frequencyHz: number): number {
  let real = 0;
  let imag = 0;
  for (const [n, x] of samples.entries()) {
    const angle = (2 * Math.PI * frequencyHz * n) / sampleRateHz;
    real += x * Math.cos(angle);
    imag -= x * Math.sin(angle);
  }
  return (2 * Math.hypot(real, imag)) / samples.length;
}

/** Gain in dB that a filter has for a steady tone. */
function gainDb(section: Biquad, frequencyHz: number): number {
  const samples = tone(frequencyHz, 2);
  filter(samples, section);
  return 20 * Math.log10(amplitudeAt(samples.subarray(sampleRateHz), frequencyHz) / 0.5);
}

describe('speed', () => {
  test('moves a tone by the ratio and keeps its amplitude', () => {
    for (const ratio of [0.85, 0.97, 1.1, 1.18]) {
      const input = toPcm(tone(1000, 1));
      const output = changeSpeed(input, 0, input.length, ratio);
      expect(output.length).toBe(lengthAtSpeed(input.length, ratio));
      const middle = output.subarray(1000, 6000);
      expect(amplitudeAt(middle, 1000 * ratio)).toBeGreaterThan(0.48);
      expect(amplitudeAt(middle, 1000 * ratio)).toBeLessThan(0.51);
    }
  });

  test('gives the samples themselves at ratio 1, and only those of the stretch', () => {
    const input = Int16Array.from([100, 200, 300, 400, 500]);
    expect([...changeSpeed(input, 1, 4, 1)]).toEqual([200, 300, 400].map((x) => x / 32768));
    const isolated = changeSpeed(Int16Array.from([30000, 0, 0, 0, 0, 30000]), 1, 5, 1.1);
    expect(peak(isolated)).toBe(0);
  });

  test('interpolates a tone far more exactly than its nearest samples', () => {
    const input = toPcm(tone(500, 1));
    const ratio = 1.05;
    const output = changeSpeed(input, 0, input.length, ratio);
    const wanted = output.map(
      (_, n) => 0.5 * Math.sin((2 * Math.PI * 500 * ratio * n) / sampleRateHz),
    );
    const error = output.map((x, n) => x - wanted[n]!).subarray(20, -20);
    expect(20 * Math.log10(rms(error) / rms(wanted))).toBeLessThan(-40);
  });

  test('rejects a ratio that is not positive', () => {
    expect(() => changeSpeed(new Int16Array(10), 0, 10, 0)).toThrow('[changeSpeed]');
  });
});

describe('filters', () => {
  test('low and high pass are 3 dB down at their frequency and pass the other side', () => {
    expect(gainDb(lowPass(1000, sampleRateHz), 1000)).toBeCloseTo(-3.01, 1);
    expect(gainDb(lowPass(1000, sampleRateHz), 100)).toBeCloseTo(0, 1);
    expect(gainDb(lowPass(1000, sampleRateHz), 3000)).toBeLessThan(-20);
    expect(gainDb(highPass(1000, sampleRateHz), 1000)).toBeCloseTo(-3.01, 1);
    expect(gainDb(highPass(1000, sampleRateHz), 3500)).toBeCloseTo(0, 1);
    expect(gainDb(highPass(1000, sampleRateHz), 200)).toBeLessThan(-25);
  });

  test('bell and shelf have their gain where they should and none elsewhere', () => {
    expect(gainDb(bell(1000, sampleRateHz, 6, 1), 1000)).toBeCloseTo(6, 1);
    expect(Math.abs(gainDb(bell(1000, sampleRateHz, 6, 1), 50))).toBeLessThan(0.2);
    expect(gainDb(highShelf(1000, sampleRateHz, -9), 3900)).toBeCloseTo(-9, 0);
    expect(Math.abs(gainDb(highShelf(1000, sampleRateHz, -9), 50))).toBeLessThan(0.2);
  });

  test('reach silence after a sound, not denormal numbers', () => {
    const samples = new Float32Array(sampleRateHz);
    samples[0] = 1;
    filter(samples, highPass(60, sampleRateHz));
    expect(samples.subarray(-100).every((x) => x === 0 || Math.abs(x) > 1e-30)).toBe(true);
  });

  test('reject a frequency at or beyond half the sample rate', () => {
    expect(() => lowPass(4000, sampleRateHz)).toThrow('[Biquad]');
  });
});

describe('coding', () => {
  test('µ-law leaves what a µ-law decoder gives as it is', () => {
    const codes = new DataView(Uint8Array.from({ length: 256 }, (_, code) => code).buffer);
    const values = Float32Array.from({ length: 256 }, (_, code) => muLawReader(codes, code));
    const coded = values.slice();
    codeMuLaw(coded);
    expect([...coded]).toEqual([...values].map((x) => (x === 0 ? expect.closeTo(0, 12) : x)));
  });

  test('µ-law gives one of its values, no further away than a step of its segment', () => {
    const codes = new DataView(Uint8Array.from({ length: 256 }, (_, code) => code).buffer);
    const values = Array.from({ length: 256 }, (_, code) => muLawReader(codes, code));
    const random = new Random(1);
    for (let round = 0; round < 200; round++) {
      const sample = random.uniform(-0.97, 0.97);
      const coded = Float32Array.of(sample);
      codeMuLaw(coded);
      expect(values).toContain(coded[0]);
      expect(Math.abs(coded[0]! - sample)).toBeLessThanOrEqual(2 / 32768 + Math.abs(sample) / 32);
    }
  });

  test('quantising rounds to the grid and clips at full scale', () => {
    const samples = Float32Array.from([0, 0.1, -0.1, 0.99, 1.7, -1.7, 0.124, -0.126]);
    quantise(samples, 4);
    expect([...samples]).toEqual([0, 0.125, -0.125, 0.875, 0.875, -1, 0.125, -0.125]);
    const silent = new Float32Array(4);
    quantise(silent, 16);
    expect(peak(silent)).toBe(0);
  });
});

describe('level', () => {
  test('sets the peak and leaves silence alone', () => {
    const samples = tone(300, 0.1);
    setPeak(samples, -20);
    expect(peak(samples)).toBeCloseTo(0.1, 5);
    const silence = new Float32Array(10);
    setPeak(silence, -20);
    expect(peak(silence)).toBe(0);
  });

  test('the level of speech does not depend on the silence around it', () => {
    const speech = tone(300, 0.5);
    const padded = new Float32Array(3 * speech.length);
    padded.set(speech, speech.length);
    expect(activeRms(padded, sampleRateHz)).toBeCloseTo(activeRms(speech, sampleRateHz), 3);
    expect(rms(padded)).toBeLessThan(0.6 * rms(speech));
  });
});

describe('noise', () => {
  test('is mixed at the signal-to-noise ratio that was asked for', () => {
    const noise = makeColouredNoise(sampleRateHz, 1, new Random(3))[0]!;
    for (const snrDb of [0, 10, 25]) {
      const clean = tone(440, 1);
      const mixed = clean.slice();
      mixAtSnr(mixed, noise, snrDb, sampleRateHz);
      const added = mixed.map((x, n) => x - clean[n]!);
      expect(20 * Math.log10(rms(clean) / rms(added))).toBeCloseTo(snrDb, 1);
    }
  });

  test('adds nothing to silence and nothing from silence', () => {
    const silence = new Float32Array(100);
    mixAtSnr(silence, Float32Array.from({ length: 100 }, Math.sin), 10, sampleRateHz);
    expect(peak(silence)).toBe(0);
    const sound = tone(440, 0.1);
    mixAtSnr(sound, new Float32Array(sound.length), 10, sampleRateHz);
    expect(sound).toEqual(tone(440, 0.1));
  });

  test('colours differ in how much of them is high: brown least, violet most', () => {
    const [white, pink, brown, violet] = makeColouredNoise(sampleRateHz, 4, new Random(5)).map(
      (samples) => {
        expect(rms(samples)).toBeCloseTo(1, 4);
        filter(samples, highPass(2000, sampleRateHz));
        return rms(samples);
      },
    );
    expect(brown!).toBeLessThan(pink!);
    expect(pink!).toBeLessThan(white!);
    expect(white!).toBeLessThan(violet!);
  });
});

describe('reverberation', () => {
  test('equals the convolution written out, over block borders', () => {
    const random = new Random(7);
    const reverberator = new Reverberator(sampleRateHz, 0.008);
    const room = reverberator.makeRoom(0.02, 3, random);
    const impulse = new Float32Array(64);
    impulse[0] = 1;
    reverberator.apply(impulse, room);
    expect(impulse[0]).toBeCloseTo(1, 5);
    const samples = Float32Array.from({ length: 777 }, () => random.gaussian());
    const expected = samples.map((_, n) => {
      let sum = 0;
      for (let k = 0; k <= Math.min(n, 63); k++) sum += impulse[k]! * samples[n - k]!;
      return sum;
    });
    reverberator.apply(samples, room);
    for (const [n, x] of samples.entries()) expect(x).toBeCloseTo(expected[n]!, 4);
  });

  test('has the ratio of direct to reverberant energy and the decay that were asked for', () => {
    const reverberator = new Reverberator(sampleRateHz, 0.5);
    const answer = new Float32Array(4096);
    answer[0] = 1;
    reverberator.apply(answer, reverberator.makeRoom(0.3, 6, new Random(11)));
    const tail = answer.subarray(1);
    expect(10 * Math.log10(answer[0]! ** 2 / (rms(tail) ** 2 * tail.length))).toBeCloseTo(6, 3);
    // 60 dB in 0.3 s is 20 dB in 0.1 s.
    const early = rms(answer.subarray(400, 800));
    const late = rms(answer.subarray(1200, 1600));
    expect(20 * Math.log10(early / late)).toBeGreaterThan(17);
    expect(20 * Math.log10(early / late)).toBeLessThan(23);
  });
});
