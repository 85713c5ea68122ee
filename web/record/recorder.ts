import { resample } from '../../src/audio/resample.ts';
import { encodeWav } from '../../src/audio/wav.ts';
import type { Waveform } from '../../src/audio/waveform.ts';
import { GrowingAudio } from './growing-audio.ts';
import { levelOf, SilenceWatch } from './silence-watch.ts';

/** The service reads up to this rate; some sound cards go beyond. */
const highestRateHz = 48_000;
const longestSeconds = 60;
/** Enough for speech, and a third of the bytes of a microphone's 48 kHz. */
const soFarRateHz = 16_000;

const workletUrl = new URL('./capture-worklet.ts', import.meta.url);

/** A microphone that is listening. */
export class Recorder {
  private readonly context: AudioContext;
  private readonly stream: MediaStream;
  private readonly audio: GrowingAudio;
  private readonly silence = new SilenceWatch();
  /** Called with the level of each block in decibels below full scale. */
  onLevel: (decibels: number) => void = () => {};
  /** Called when silence, the longest time, or the loss of the microphone has ended the recording. */
  onEnd: () => void = () => {};

  private constructor(context: AudioContext, stream: MediaStream) {
    this.context = context;
    this.stream = stream;
    this.audio = new GrowingAudio(context.sampleRate, soFarRateHz);
  }

  /** Asks for the microphone. Throws the browser's `DOMException` where it may not be had. */
  static async start(): Promise<Recorder> {
    if (navigator.mediaDevices === undefined)
      throw new DOMException('the page is not on localhost or https', 'SecurityError');
    if (!('AudioWorkletNode' in globalThis))
      throw new DOMException('there is no AudioWorkletNode', 'NotSupportedError');
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: true },
    });
    const context = new AudioContext();
    const recorder = new Recorder(context, stream);
    for (const track of stream.getTracks()) track.addEventListener('ended', () => recorder.onEnd());
    try {
      await context.audioWorklet.addModule(workletUrl);
    } catch (error) {
      await recorder.close();
      throw error;
    }
    const capture = new AudioWorkletNode(context, 'capture', { numberOfOutputs: 0 });
    capture.port.onmessage = ({ data }: MessageEvent<Float32Array>) => recorder.take(data);
    context.createMediaStreamSource(stream).connect(capture);
    return recorder;
  }

  get durationSeconds(): number {
    return this.audio.durationSeconds;
  }

  /** What has been said so far as a WAV file, good enough for a first reading. */
  soFar(): File {
    return wavFile('so-far.wav', this.audio.lowered());
  }

  /** All of the recording as a WAV file. */
  whole(): File {
    const { samples, sampleRateHz } = this.audio.whole();
    const rateHz = Math.min(highestRateHz, sampleRateHz);
    const read = resample(samples, sampleRateHz, rateHz);
    return wavFile('recording.wav', { samples: read, sampleRateHz: rateHz });
  }

  /** Lets the microphone go. */
  async close(): Promise<void> {
    for (const track of this.stream.getTracks()) track.stop();
    if (this.context.state !== 'closed') await this.context.close();
  }

  private take(block: Float32Array): void {
    if (this.context.state === 'closed') return;
    this.audio.add(block);
    const decibels = levelOf(block);
    this.onLevel(decibels);
    const isOver = this.silence.add(decibels, block.length / this.context.sampleRate);
    if (isOver || this.durationSeconds > longestSeconds) this.onEnd();
  }
}

function wavFile(name: string, waveform: Waveform): File {
  return new File([encodeWav(waveform) as Uint8Array<ArrayBuffer>], name, { type: 'audio/wav' });
}
