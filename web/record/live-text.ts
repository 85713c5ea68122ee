import { postRecording } from '../service.ts';
import type { Recorder } from './recorder.ts';

/** From one refresh to the next: a little under half a second. */
const refreshMilliseconds = 400;
/** An answer that takes longer is about too little of what has been said by then. */
const patienceMilliseconds = 2000;
/** Before there is anything to hear. */
const shortestSeconds = 0.3;

/**
 * The text so far of a recording that goes on, by decoding all of it again and again. One request at a time,
 * each as soon as the one before is answered, if that takes longer than from one refresh to the next.
 */
export class LiveText {
  private readonly recorder: Recorder;
  private readonly show: (text: string) => void;
  private readonly stopping = new AbortController();

  constructor(recorder: Recorder, show: (text: string) => void) {
    this.recorder = recorder;
    this.show = show;
    void this.run();
  }

  stop(): void {
    this.stopping.abort();
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const pause = new Promise((resolve) => setTimeout(resolve, refreshMilliseconds));
      await Promise.all([this.refresh(), pause]);
    }
  }

  private async refresh(): Promise<void> {
    if (this.recorder.durationSeconds < shortestSeconds) return;
    const signal = AbortSignal.any([
      this.stopping.signal,
      AbortSignal.timeout(patienceMilliseconds),
    ]);
    try {
      const file = this.recorder.soFar();
      const fields = [['decoder', 'ctc_greedy']] as const;
      const read = async (response: Response) => (await response.json()) as { text: string };
      const { text } = await postRecording('transcriptions', file, fields, signal, read);
      if (!signal.aborted) this.show(text);
    } catch {
      // Cancelled, or the service is busy: the next refresh, or the comparison at the end, says more.
    }
  }
}
