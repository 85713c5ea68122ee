import { Random } from '../../math/random.ts';
import type { Background } from './background.ts';
import { codeMuLaw, quantise } from './coding.ts';
import type { AugmentationConfig } from './config.ts';
import { bell, filter, highPass, highShelf, lowPass } from './filters.ts';
import { amplitudeOfDb, scale, setPeak } from './level.ts';
import { mixAtSnr } from './noise.ts';
import { Reverberator, type Room } from './reverberation.ts';

const roomCount = 64;
const roomSeconds = 0.5;
/** Peak of background that stands alone, in dB of full scale. */
const aloneDb: readonly [number, number] = [-70, -15];

/** Varies an example's waveform: everything between the recording and the features. */
export class Augmenter {
  private readonly config: AugmentationConfig;
  private readonly sampleRateHz: number;
  private readonly background: Background;
  private readonly reverberator: Reverberator;
  private readonly rooms: readonly Room[];

  /** @param seed of the rooms, which are made once */
  constructor(
    config: AugmentationConfig,
    sampleRateHz: number,
    background: Background,
    seed: number,
  ) {
    this.config = config;
    this.sampleRateHz = sampleRateHz;
    this.background = background;
    this.reverberator = new Reverberator(sampleRateHz, roomSeconds);
    const { probability, decaySeconds, directToReverberantDb } = config.reverberation;
    this.rooms = Array.from({ length: probability > 0 ? roomCount : 0 }, (_, room) => {
      const random = Random.forStream(seed, room);
      return this.reverberator.makeRoom(
        random.uniform(...decaySeconds),
        random.uniform(...directToReverberantDb),
        random,
      );
    });
  }

  /** Varies speech in place: the room, the channel, the background, the level, the coding. */
  apply(samples: Float32Array, random: Random): void {
    const { reverberation } = this.config;
    if (random.chance(reverberation.probability)) {
      this.reverberator.apply(samples, random.pick(this.rooms));
    }
    this.applyChannel(samples, random);
    this.addBackground(samples, random);
    this.applyRecorder(samples, random);
  }

  /** Background alone: noise at any level, or digital silence. */
  makeBackground(length: number, isSilent: boolean, random: Random): Float32Array<ArrayBuffer> {
    if (isSilent) return new Float32Array(length);
    const kind = this.background.drawKind({ ...this.config.noise, babble: 0 }, random);
    const samples = this.background.draw(kind, length, random);
    this.applyChannel(samples, random);
    setPeak(samples, random.uniform(...aloneDb));
    quantise(samples, 16);
    return samples;
  }

  private applyChannel(samples: Float32Array, random: Random): void {
    const { equalisation, band } = this.config;
    const nyquistHz = this.sampleRateHz / 2;
    if (random.chance(equalisation.probability)) {
      const gainDb = () => random.uniform(...equalisation.gainDb);
      const shelfHz = nyquistHz * random.uniform(0.1, 0.6);
      filter(samples, highShelf(shelfHz, this.sampleRateHz, gainDb()));
      const bellHz = nyquistHz * random.uniform(0.04, 0.9);
      filter(samples, bell(bellHz, this.sampleRateHz, gainDb(), random.uniform(0.5, 2)));
    }
    if (random.chance(band.probability)) {
      filter(samples, highPass(random.uniform(...band.lowHz), this.sampleRateHz));
      const high = lowPass(random.uniform(...band.highShare) * nyquistHz, this.sampleRateHz);
      filter(samples, high);
      filter(samples, high);
    }
  }

  private addBackground(samples: Float32Array, random: Random): void {
    const { noise } = this.config;
    if (!random.chance(noise.probability)) return;
    const kind = this.background.drawKind(noise, random);
    const snrDb = random.uniform(...(kind === 'babble' ? noise.babbleSnrDb : noise.snrDb));
    const background = this.background.draw(kind, samples.length, random);
    mixAtSnr(samples, background, snrDb, this.sampleRateHz);
  }

  private applyRecorder(samples: Float32Array, random: Random): void {
    const { level, overload, coding } = this.config;
    if (random.chance(level.probability)) setPeak(samples, random.uniform(...level.peakDb));
    if (random.chance(overload.probability)) {
      setPeak(samples, 0);
      scale(samples, amplitudeOfDb(random.uniform(...overload.gainDb)));
    }
    // Whatever comes after, a recording has 16 bits; this clips what is overloaded, too.
    quantise(samples, 16);
    if (random.chance(coding.muLaw)) codeMuLaw(samples);
    if (random.chance(coding.quantise)) {
      quantise(samples, Math.round(random.uniform(...coding.bits)));
    }
  }
}
