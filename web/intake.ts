import { byId } from './dom.ts';
import { ask } from './service.ts';

/** Where recordings are that come with the page. */
const examplesUrl = new URL('./examples/', import.meta.url);

/** Takes what is opened by its name; it may have to be fetched first. */
export type Take = (name: string, open: (signal: AbortSignal) => Promise<File>) => void;

/** Takes files that are chosen, dropped anywhere on the page, or picked among the examples. */
export function takeFiles(take: Take): void {
  const takeFile = (file: File) => take(file.name, async () => file);
  const input = byId('file', HTMLInputElement);
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    // The same file may be chosen again, changed or not.
    if (file !== undefined) takeFile(file);
    input.value = '';
  });

  const zone = byId('drop', HTMLElement);
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    zone.classList.add('over');
  });
  document.addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) zone.classList.remove('over');
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    zone.classList.remove('over');
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) takeFile(file);
  });

  for (const button of document.querySelectorAll<HTMLButtonElement>('button.example')) {
    const name = button.dataset['file']!;
    button.addEventListener('click', () =>
      take(name, (signal) =>
        ask(new URL(name, examplesUrl), { signal }, async (response) => {
          return new File([await response.blob()], name);
        }),
      ),
    );
  }
}
