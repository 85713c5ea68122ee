import { byId } from './dom.ts';
import { english, type TextName } from './texts/english.ts';
import { korean } from './texts/korean.ts';

const languages = { en: english, ko: korean } as const;
type Language = keyof typeof languages;

const storageKey = 'sori-language';

function isLanguage(name: string | null): name is Language {
  return name !== null && name in languages;
}

let current: Language = 'en';

/** The reader's choice of an earlier visit; null without one, or where the browser keeps nothing. */
function chosenLanguage(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function keepLanguage(language: string): void {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // It holds for this visit.
  }
}

/** The reader's choice of an earlier visit, else the first of the browser's languages that there is. */
function preferredLanguage(): Language {
  const wanted = [chosenLanguage(), ...navigator.languages.map((tag) => tag.split('-', 1)[0]!)];
  return wanted.find(isLanguage) ?? 'en';
}

/** A text of the page in the reader's language, with values where it has `{name}`. */
export function text(
  name: TextName,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return languages[current][name].replaceAll(/\{(\w+)\}/gu, (_, key: string) =>
    String(values[key] ?? ''),
  );
}

/** A text whose name is put together from what the service answers, or that answer as it stands. */
export function textOr(name: string, otherwise: string): string {
  return name in english ? text(name as TextName) : otherwise;
}

/** Shows the page in the reader's language, and in another whenever that is chosen. */
export function languageChoice(showRest: () => void): void {
  const choice = byId('language', HTMLSelectElement);
  choice.value = preferredLanguage();
  showLanguage(choice.value as Language);
  showRest();
  choice.addEventListener('change', () => {
    keepLanguage(choice.value);
    showLanguage(choice.value as Language);
    showRest();
  });
}

/** Writes every text of the document that has a name: `data-text`, and `data-label` for `aria-label`. */
function showLanguage(language: Language): void {
  current = language;
  document.documentElement.lang = language;
  document.title = text(document.documentElement.dataset['title'] as TextName);
  for (const place of document.querySelectorAll<HTMLElement>('[data-text]'))
    place.textContent = text(place.dataset['text'] as TextName);
  for (const place of document.querySelectorAll<HTMLElement>('[data-label]'))
    place.setAttribute('aria-label', text(place.dataset['label'] as TextName));
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0.9995 || share < 0.0005 ? 0 : 1)} %`;
}

export function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

export function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}
