import type { Compared } from './comparing.ts';
import { byId } from './dom.ts';
import { text } from './language.ts';
import { type AudioRoute, curlLine } from './service.ts';

/** Puts a text on the clipboard and says so. */
async function copy(content: string): Promise<void> {
  const said = byId('copied', HTMLElement);
  try {
    await navigator.clipboard.writeText(content);
    said.textContent = text('copied');
  } catch {
    said.textContent = text('copyFailed');
  }
}

/** Makes the buttons copy an answer and its request, once there is one to copy. */
export function copyButtons(route: AudioRoute): (fileName: string, compared: Compared) => void {
  let json = '';
  let curl = '';
  byId('copy-json', HTMLButtonElement).addEventListener('click', () => void copy(json));
  byId('copy-curl', HTMLButtonElement).addEventListener('click', () => void copy(curl));
  return (fileName, compared) => {
    json = compared.json;
    curl = curlLine(route, fileName, compared.fields);
    byId('copied', HTMLElement).textContent = '';
    byId('copies', HTMLElement).hidden = false;
  };
}
