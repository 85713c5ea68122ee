import { byId } from './dom.ts';
import { text } from './language.ts';
import { microphoneError } from './problems.ts';
import { LiveText } from './record/live-text.ts';
import { Recorder } from './record/recorder.ts';
import { ServiceError } from './service.ts';
import type { StatusLine } from './status-line.ts';

type Taker = {
  readonly status: StatusLine;
  /** Called before the microphone is asked for. */
  readonly begin: () => void;
  readonly take: (file: File) => void;
};

/** The button that begins and ends a recording, with its level and the text so far. */
export class Microphone {
  private readonly button = byId('record', HTMLButtonElement);
  private readonly level = byId('level', HTMLMeterElement);
  private readonly live = byId('live', HTMLElement);
  private readonly liveText = byId('live-text', HTMLOutputElement);
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
    this.live.hidden = true;
    this.level.value = this.level.min;
    this.button.setAttribute('aria-pressed', 'false');
    this.showAgain();
    const { recorder } = running;
    await recorder.close();
    if (!options.keep) return;
    if (recorder.durationSeconds > 0) this.taker.take(recorder.soFar('recording.wav'));
    else this.taker.status.fail(new ServiceError('nothing_recorded', ''));
  }

  private async start(): Promise<void> {
    const { status, begin } = this.taker;
    begin();
    this.button.disabled = true;
    status.show('status_asking');
    try {
      const recorder = await Recorder.start();
      recorder.onLevel = (decibels) => {
        this.level.value = Math.max(this.level.min, decibels);
      };
      recorder.onSilence = () => void this.stop();
      this.liveText.textContent = text('liveNothing');
      this.live.hidden = false;
      const show = (heard: string) => {
        this.liveText.textContent = heard || text('liveNothing');
      };
      this.running = { recorder, text: new LiveText(recorder, show) };
      this.button.setAttribute('aria-pressed', 'true');
      this.showAgain();
      status.show('status_listening');
    } catch (error) {
      status.fail(microphoneError(error as Error));
    } finally {
      this.button.disabled = false;
    }
  }
}
