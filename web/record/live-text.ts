import { postRecording } from '../service.ts';
import type { Recorder } from './recorder.ts';

/** From one refresh to the next: a little under half a second. */
const refreshMilliseconds = 400;
/** An answer that takes longer is about too little of what has been said by then. */
const patienceMilliseconds = 2000;
/** Enough for speech, and a third of the bytes of a microphone's 48 kHz. */
const sentRateHz = 16_000;
/** Before there is anything to hear. */
const shortestSeconds = 0.3;

/**
 * The text so far of a recording that goes on, by decoding all of it again and again. One request at a
 * time; a late one is cancelled for the next.
 */
export class LiveText {
  private readonly recorder: Recorder;
  private readonly show: (text: string) => void;
  private readonly timer: ReturnType<typeof setInterval>;
  private running: AbortController | undefined;
  private begun = 0;

  constructor(recorder: Recorder, show: (text: string) => void) {
    this.recorder = recorder;
    this.show = show;
    this.timer = setInterval(() => void this.refresh(), refreshMilliseconds);
  }

  stop(): void {
    clearInterval(this.timer);
    this.running?.abort();
  }

  private async refresh(): Promise<void> {
    if (this.recorder.durationSeconds < shortestSeconds) return;
    if (this.running !== undefined) {
      if (performance.now() - this.begun < patienceMilliseconds) return;
      this.running.abort();
    }
    const controller = new AbortController();
    this.running = controller;
    this.begun = performance.now();
    try {
      const file = this.recorder.soFar('so-far.wav', sentRateHz);
      const fields = [['decoder', 'ctc_greedy']] as const;
      const read = async (response: Response) => (await response.json()) as { text: string };
      const { signal } = controller;
      const { text } = await postRecording('transcriptions', file, fields, signal, read);
      if (!signal.aborted) this.show(text);
    } catch {
      // Cancelled, or the service is busy: the next refresh, or the comparison at the end, says more.
    } finally {
      if (this.running === controller) this.running = undefined;
    }
  }
}
