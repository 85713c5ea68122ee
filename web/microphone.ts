import { byId } from './dom.ts';
import { text } from './language.ts';
import { microphoneError } from './problems.ts';
import { LiveText } from './record/live-text.ts';
import { Recorder } from './record/recorder.ts';
import { ServiceError } from './service.ts';
import type { StatusLine } from './status-line.ts';

type Taker = {
  readonly status: StatusLine;
  /** Called before the microphone is asked for; its signal says that it is not wanted any more. */
  readonly begin: () => AbortSignal;
  readonly take: (file: File) => void;
};

/** The button that begins and ends a recording, with its level and the text so far. */
export class Microphone {
  private readonly button = byId('record', HTMLButtonElement);
  private readonly level = byId('level', HTMLMeterElement);
  private readonly liveText = byId('live-text', HTMLOutputElement);
  private readonly liveHint = byId('live-hint', HTMLElement);
  private readonly taker: Taker;
  private running: { readonly recorder: Recorder; readonly text: LiveText } | undefined;

  constructor(taker: Taker) {
    this.taker = taker;
    this.button.addEventListener('click', () => {
      if (this.running === undefined) void this.start();
      else void this.stop();
    });
  }

  /** The label in the language of now. */
  showAgain(): void {
    this.button.textContent = text(this.running === undefined ? 'record' : 'stop');
  }

  /** Ends the recording, and hands it over unless it is not wanted any more. */
  async stop(options = { keep: true }): Promise<void> {
    const { running } = this;
    if (running === undefined) return;
    this.running = undefined;
    running.text.stop();
    this.showLive(false);
    this.level.value = this.level.min;
    this.button.setAttribute('aria-pressed', 'false');
    this.showAgain();
    const { recorder } = running;
    await recorder.close();
    if (!options.keep) return;
    if (recorder.durationSeconds > 0) this.taker.take(recorder.whole());
    else this.taker.status.fail(new ServiceError('nothing_recorded', ''));
  }

  private async start(): Promise<void> {
    const { status, begin } = this.taker;
    const signal = begin();
    this.button.disabled = true;
    signal.addEventListener('abort', () => {
      this.button.disabled = false;
    });
    status.show('status_asking', {}, { lasting: true });
    try {
      const recorder = await Recorder.start();
      if (signal.aborted) await recorder.close();
      else this.listen(recorder);
    } catch (error) {
      if (!signal.aborted) status.fail(microphoneError(error as Error));
    } finally {
      if (!signal.aborted) this.button.disabled = false;
    }
  }

  private listen(recorder: Recorder): void {
    recorder.onLevel = (decibels) => {
      this.level.value = Math.max(this.level.min, decibels);
    };
    recorder.onEnd = () => void this.stop();
    this.liveText.textContent = text('liveNothing');
    this.showLive(true);
    const show = (heard: string) => {
      this.liveText.textContent = heard || text('liveNothing');
    };
    this.running = { recorder, text: new LiveText(recorder, show) };
    this.button.setAttribute('aria-pressed', 'true');
    this.showAgain();
    this.taker.status.show('status_listening');
  }

  /** The text so far, or in its place what will be there. */
  private showLive(isLive: boolean): void {
    this.liveText.hidden = !isLive;
    this.liveHint.hidden = isLive;
  }
}
