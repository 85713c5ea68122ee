import { byId } from './dom.ts';
import { ServiceError } from './service.ts';

/** Where recordings are that come with the page. */
const examplesUrl = new URL('./examples/', import.meta.url);

type Taker = { readonly take: (file: File) => void; readonly fail: (error: ServiceError) => void };

/** Takes files that are chosen, dropped anywhere on the page, or picked among the examples. */
export function takeFiles({ take, fail }: Taker): void {
  const input = byId('file', HTMLInputElement);
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    // The same file may be chosen again, changed or not.
    if (file !== undefined) take(file);
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
    if (file !== undefined) take(file);
  });

  for (const button of document.querySelectorAll<HTMLButtonElement>('button.example'))
    button.addEventListener('click', async () => {
      const name = button.dataset['file']!;
      try {
        const response = await fetch(new URL(name, examplesUrl));
        if (!response.ok) throw new TypeError(response.statusText);
        take(new File([await response.blob()], name));
      } catch (error) {
        fail(new ServiceError('unreachable', (error as Error).message));
      }
    });
}
