import { Random } from '../../math/random.ts';
import type { Corpus } from '../../training/data/corpus.ts';
import { packAudio, toInt16 } from '../../training/data/packed-audio.ts';

/** Where the first two formants of a sound lie, in hertz; noise in place of a voice for fricatives. */
type Sound = { readonly formants: readonly [number, number]; readonly noise?: true };

/** Ten words, each a glide through two or three sounds, roughly those of the English digits. */
const wordSounds: Readonly<Record<string, readonly Sound[]>> = {
  zero: [
    { formants: [2200, 3300], noise: true },
    { formants: [300, 2100] },
    { formants: [500, 900] },
  ],
  one: [{ formants: [300, 700] }, { formants: [700, 1200] }, { formants: [300, 1500] }],
  two: [{ formants: [2600, 3400], noise: true }, { formants: [320, 900] }],
  three: [
    { formants: [1400, 3000], noise: true },
    { formants: [400, 1300] },
    { formants: [280, 2300] },
  ],
  four: [
    { formants: [900, 2600], noise: true },
    { formants: [550, 850] },
    { formants: [450, 1300] },
  ],
  five: [
    { formants: [900, 2600], noise: true },
    { formants: [750, 1200] },
    { formants: [350, 2000] },
  ],
  six: [
    { formants: [2400, 3500], noise: true },
    { formants: [400, 2000] },
    { formants: [2400, 3500], noise: true },
  ],
  seven: [
    { formants: [2400, 3500], noise: true },
    { formants: [550, 1750] },
    { formants: [350, 1400] },
  ],
  eight: [
    { formants: [500, 1900] },
    { formants: [300, 2300] },
    { formants: [1800, 3200], noise: true },
  ],
  nine: [{ formants: [280, 1500] }, { formants: [750, 1200] }, { formants: [280, 2000] }],
};

const sampleRateHz = 8000;
const edgeSeconds = 0.06;
const formantWidthHz = 110;
/** Of full scale. */
const peak = 0.3;
const backgroundLevel = 0.001;

/**
 * Recordings of single digits that nobody spoke: pulses or noise through two resonators (after Klatt 1980), by
 * speakers of their own pitch and vocal tract. They are what a study reads where there is no corpus.
 */
export function madeDigits(options: { seed: number; speakers: number; takes: number }): Corpus {
  const clips: Int16Array[] = [];
  const rows: Corpus['rows'][number][] = [];
  for (let speaker = 0; speaker < options.speakers; speaker++) {
    const voice = voiceOf(speaker);
    for (const [word, sounds] of Object.entries(wordSounds)) {
      for (let take = 0; take < options.takes; take++) {
        const random = Random.forStream(options.seed, speaker, rows.length);
        const samples = spoken(sounds, voice, random);
        clips.push(toInt16(samples));
        rows.push({
          audioPath: '',
          seconds: samples.length / sampleRateHz,
          offsetSeconds: undefined,
          words: [word],
          speaker: `voice ${speaker + 1}`,
          corpus: 'made',
          line: rows.length + 1,
        });
      }
    }
  }
  return { manifest: 'made', rows, audio: packAudio(sampleRateHz, clips) };
}

type Voice = { readonly pitchHz: number; readonly tract: number };

/** The same speaker in every corpus. */
function voiceOf(speaker: number): Voice {
  const random = new Random(speaker + 1);
  return { pitchHz: random.uniform(95, 230), tract: random.uniform(0.92, 1.12) };
}

function spoken(sounds: readonly Sound[], voice: Voice, random: Random): Float32Array {
  const edge = Math.round(edgeSeconds * sampleRateHz);
  const length = Math.round(random.uniform(0.26, 0.42) * sampleRateHz);
  const tract = voice.tract * random.uniform(0.97, 1.03);
  const period = sampleRateHz / (voice.pitchHz * random.uniform(0.93, 1.07));
  const word = new Float32Array(length);
  const filters = [new Resonator(), new Resonator()] as const;
  for (let n = 0; n < length; n++) {
    // Half of each sound is steady, the other half on the way to the next.
    const position = (n / length) * sounds.length;
    const index = Math.min(sounds.length - 1, Math.floor(position));
    const from = sounds[index]!;
    const to = sounds[Math.min(sounds.length - 1, index + 1)]!;
    const way = Math.max(0, 2 * (position - index) - 1);
    const pulse = n % Math.round(period) === 0 ? 1 : 0;
    let value = from.noise ? 0.1 * random.gaussian() : pulse;
    for (const [number, filter] of filters.entries()) {
      const formant =
        from.formants[number]! + way * (to.formants[number]! - from.formants[number]!);
      value = filter.next(value, Math.min(formant * tract, 0.47 * sampleRateHz));
    }
    const swell = Math.min(1, n / 200, (length - n) / 200);
    word[n] = swell * value;
  }
  const scale = peak / word.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return Float32Array.from({ length: length + 2 * edge }, (_, n) => {
    const inWord = n >= edge && n < edge + length;
    return (inWord ? scale * word[n - edge]! : 0) + backgroundLevel * random.gaussian();
  });
}

/** y[n] = x[n] + 2r cos θ · y[n − 1] − r² · y[n − 2], scaled to a peak of about one. */
class Resonator {
  private last = 0;
  private beforeLast = 0;

  next(value: number, hertz: number): number {
    const radius = Math.exp((-Math.PI * formantWidthHz) / sampleRateHz);
    const angle = (2 * Math.PI * hertz) / sampleRateHz;
    const gain = (1 - radius) * 2 * Math.sin(angle);
    const out =
      gain * value + 2 * radius * Math.cos(angle) * this.last - radius ** 2 * this.beforeLast;
    this.beforeLast = this.last;
    this.last = out;
    return out;
  }
}
