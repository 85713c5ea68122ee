import type { Compared } from './comparing.ts';
import { byId, element } from './dom.ts';
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

/** Makes the buttons copy an answer and its request, once there is one, and keeps the file that it is about. */
export function copyButtons(route: AudioRoute): (file: File, compared: Compared) => void {
  let json = '';
  let curl = '';
  let href = '';
  byId('copy-json', HTMLButtonElement).addEventListener('click', () => void copy(json));
  byId('copy-curl', HTMLButtonElement).addEventListener('click', () => void copy(curl));
  return (file, compared) => {
    json = compared.json;
    curl = curlLine(route, file.name, compared.fields);
    URL.revokeObjectURL(href);
    href = URL.createObjectURL(file);
    const link = { href, download: file.name, 'data-text': 'save' };
    byId('save', HTMLElement).replaceChildren(element('a', link, text('save')));
    byId('copied', HTMLElement).textContent = '';
    byId('copies', HTMLElement).hidden = false;
  };
}
