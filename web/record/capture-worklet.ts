/** What lib.dom does not know of a worklet's global scope. */
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
  abstract process(inputs: readonly (readonly Float32Array[])[]): boolean;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/** About 20 ms at 48 kHz. */
const blockSamples = 1024;

/** Hands on what the microphone gives, first channel, in blocks. */
class CaptureProcessor extends AudioWorkletProcessor {
  private block = new Float32Array(blockSamples);
  private filled = 0;

  override process(inputs: readonly (readonly Float32Array[])[]): boolean {
    const channel = inputs[0]?.[0];
    if (channel === undefined) return true;
    this.block.set(channel, this.filled);
    this.filled += channel.length;
    if (this.filled < blockSamples) return true;
    this.port.postMessage(this.block, [this.block.buffer]);
    this.block = new Float32Array(blockSamples);
    this.filled = 0;
    return true;
  }
}

registerProcessor('capture', CaptureProcessor);
