import { resample } from '../../src/audio/resample.ts';
import { encodeWav } from '../../src/audio/wav.ts';
import { levelOf, SilenceWatch } from './silence-watch.ts';

/** The service reads up to this rate; some sound cards go beyond. */
const highestRateHz = 48_000;
const longestSeconds = 60;

const workletUrl = new URL('./capture-worklet.ts', import.meta.url);

/** A microphone that is listening. */
export class Recorder {
  private readonly context: AudioContext;
  private readonly stream: MediaStream;
  private readonly blocks: Float32Array[] = [];
  private readonly silence = new SilenceWatch();
  private samples = 0;
  /** Called with the level of each block in decibels below full scale. */
  onLevel: (decibels: number) => void = () => {};
  /** Called when silence, the longest time, or the loss of the microphone has ended the recording. */
  onEnd: () => void = () => {};

  private constructor(context: AudioContext, stream: MediaStream) {
    this.context = context;
    this.stream = stream;
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
    return this.samples / this.context.sampleRate;
  }

  /** What has been said so far as a WAV file, at no more than `rateHz`. */
  soFar(name: string, rateHz = highestRateHz): File {
    const all = new Float32Array(this.samples);
    let at = 0;
    for (const block of this.blocks) {
      all.set(block, at);
      at += block.length;
    }
    const { sampleRate } = this.context;
    const lower = Math.min(rateHz, sampleRate);
    const samples = resample(all, sampleRate, lower);
    const bytes = encodeWav({ samples, sampleRateHz: lower });
    return new File([bytes as Uint8Array<ArrayBuffer>], name, { type: 'audio/wav' });
  }

  /** Lets the microphone go. */
  async close(): Promise<void> {
    for (const track of this.stream.getTracks()) track.stop();
    if (this.context.state !== 'closed') await this.context.close();
  }

  private take(block: Float32Array): void {
    if (this.context.state === 'closed') return;
    this.blocks.push(block);
    this.samples += block.length;
    const decibels = levelOf(block);
    this.onLevel(decibels);
    const isOver = this.silence.add(decibels, block.length / this.context.sampleRate);
    if (isOver || this.durationSeconds > longestSeconds) this.onEnd();
  }
}
