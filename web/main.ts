import { showComparison } from './compare/view.ts';
import { type Compared, compareRecording } from './comparing.ts';
import { copyButtons } from './copying.ts';
import { byId } from './dom.ts';
import { lookInside } from './inside/insight.ts';
import { InsideView } from './inside/view.ts';
import { type Take, takeFiles } from './intake.ts';
import { languageChoice, milliseconds } from './language.ts';
import { Microphone } from './microphone.ts';
import { Player } from './player.ts';
import { openRecording, type Recording } from './recording.ts';
import { ServiceError } from './service.ts';
import { StatusLine } from './status-line.ts';

const status = new StatusLine();
const player = new Player(byId('player', HTMLAudioElement));
const inside = new InsideView(player);
const reference = byId('reference', HTMLInputElement);
const again = byId('again', HTMLButtonElement);
const comparison = byId('comparison', HTMLElement);

/** What is shown, or worked on. */
let recording: Recording | undefined;
let compared: Compared | undefined;
let work: AbortController | undefined;

const acts = {
  play: (start: number, end: number) => void player.playSpan(start, end),
  lookAt: (start: number, end: number) => inside.lookAt(start, end),
};
const showCopies = copyButtons('comparisons');

/** Gives up what is going on, and begins something that can be given up in turn. */
function beginWork(): AbortSignal {
  work?.abort();
  work = new AbortController();
  return work.signal;
}

/** Does something lasting; shows its failure unless something else has been begun since. */
async function during(job: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const signal = beginWork();
  try {
    await job(signal);
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof ServiceError) {
      status.fail(error);
      return;
    }
    status.fail(new ServiceError('page_failed', (error as Error).message));
    throw error;
  }
}

async function compare(signal: AbortSignal): Promise<void> {
  const { file } = recording!;
  const begun = performance.now();
  status.show('status_working', { file: file.name }, { lasting: true });
  const result = await compareRecording(file, reference.value.trim(), signal);
  compared = result;
  showComparison(comparison, result.answer, acts);
  showCopies(file, result);
  status.show('status_looking', { file: file.name }, { lasting: true });
  inside.show(await lookInside(recording!, result.answer, signal));
  const time = milliseconds(performance.now() - begun);
  status.show('status_done', { file: file.name, time });
}

const take: Take = (name, open) => {
  void during(async (signal) => {
    await microphone.stop({ keep: false });
    status.show('status_opening', { file: name }, { lasting: true });
    const file = await open(signal);
    player.load(file);
    const opened = await openRecording(file);
    signal.throwIfAborted();
    recording = opened;
    inside.hide();
    again.disabled = false;
    await compare(signal);
  });
};

const microphone = new Microphone({
  status,
  begin: beginWork,
  take: (file) => take(file.name, async () => file),
});
takeFiles(take);
status.onCancel(() => {
  beginWork();
  status.show('status_cancelled');
});
const compareAgain = () => {
  if (recording !== undefined) void during(compare);
};
again.addEventListener('click', compareAgain);
reference.addEventListener('keydown', ({ key, isComposing }) => {
  if (key === 'Enter' && !isComposing) compareAgain();
});
languageChoice(() => {
  status.showAgain();
  microphone.showAgain();
  inside.layOut();
  if (compared !== undefined) showComparison(comparison, compared.answer, acts);
});
