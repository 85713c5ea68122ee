import type { Random } from '../../math/random.ts';
import type { Clip } from '../data/clip.ts';
import type { PackedAudio } from '../data/packed-audio.ts';
import type { AugmentationConfig } from './config.ts';
import { addLoop, makeColouredNoise } from './noise.ts';

const colouredSeconds = 10;
const maxVoices = 3;

/** Where background comes from: recordings, noise of many colours, and other people's speech. */
export class Background {
  private readonly coloured: readonly Float32Array[];
  private readonly recorded: PackedAudio;
  private readonly voices: readonly Clip[];

  /** @param voices clips that may be heard in the background; none for no babble */
  constructor(recorded: PackedAudio, voices: readonly Clip[], random: Random) {
    this.coloured = makeColouredNoise(recorded.sampleRateHz, colouredSeconds, random);
    this.recorded = recorded;
    this.voices = voices;
  }

  /** Which kind comes next, by the shares that the configuration gives them. */
  drawKind(
    config: AugmentationConfig['noise'],
    random: Random,
  ): 'recorded' | 'coloured' | 'babble' {
    const recorded = this.recorded.offsets.length > 1 ? config.recorded : 0;
    const babble = this.voices.length > 0 ? config.babble : 0;
    const point = random.next() * (recorded + babble + config.coloured);
    if (point < recorded) return 'recorded';
    return point < recorded + babble ? 'babble' : 'coloured';
  }

  /** So many samples of background of one kind, at whatever level it has. */
  draw(
    kind: 'recorded' | 'coloured' | 'babble',
    length: number,
    random: Random,
  ): Float32Array<ArrayBuffer> {
    const samples = new Float32Array(length);
    if (kind === 'coloured') this.addColoured(samples, 0, length, 1, random);
    else if (kind === 'recorded') {
      const recording = random.integer(this.recorded.offsets.length - 1);
      this.addStretch(
        samples,
        this.recorded,
        this.recorded.offsets[recording]!,
        this.recorded.offsets[recording + 1]!,
        random,
      );
    } else {
      for (let voice = 1 + random.integer(maxVoices); voice > 0; voice--) {
        const { audio, start, end } = random.pick(this.voices);
        this.addStretch(samples, audio, start, end, random);
      }
    }
    return samples;
  }

  /** Adds noise of a random colour with a root mean square of `level` to a stretch, in place. */
  addColoured(target: Float32Array, from: number, to: number, level: number, random: Random): void {
    const loop = random.pick(this.coloured);
    addLoop(target, from, to, loop, random.integer(loop.length), level);
  }

  private addStretch(
    target: Float32Array,
    audio: PackedAudio,
    start: number,
    end: number,
    random: Random,
  ): void {
    const loop = audio.samples.subarray(start, end);
    addLoop(target, 0, target.length, loop, random.integer(loop.length), 1 / 32768);
  }
}
