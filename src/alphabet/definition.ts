import { z } from 'zod';

/**
 * Text as labels see it: lower case, composed (NFC), words parted by one space. Punctuation is kept:
 * whoever writes manifests decides what of it is spoken.
 */
export function normaliseText(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFC')
    .split(/\s+/u)
    .filter((word) => word !== '')
    .join(' ');
}

const indexSchema = z.int().nonnegative();

/** The alphabet of a model as `model.json` writes it; see `Alphabet` for what the fields mean. */
export const alphabetSchema = z
  .strictObject({
    kind: z.enum(['words', 'characters']),
    labels: z.array(z.string()).min(2),
    blank: indexSchema,
    filler: indexSchema.optional(),
  })
  .superRefine((definition, context) => {
    for (const { path, message } of faultsOf(definition)) {
      context.addIssue({ code: 'custom', path, message });
    }
  });

export type AlphabetDefinition = {
  readonly kind: 'words' | 'characters';
  /** In the order of the model's outputs; the entries at `blank` and `filler` are only names. */
  readonly labels: readonly string[];
  /** Index of CTC's blank. */
  readonly blank: number;
  /** Index of the label that stands for any word outside the vocabulary. */
  readonly filler?: number | undefined;
};

/** Whether two definitions have the same labels in the same order. */
export function hasSameLabels(
  { labels }: Pick<AlphabetDefinition, 'labels'>,
  other: Pick<AlphabetDefinition, 'labels'>,
): boolean {
  return (
    labels.length === other.labels.length &&
    labels.every((label, index) => label === other.labels[index])
  );
}

type Fault = { readonly path: (string | number)[]; readonly message: string };

/** Everything that is wrong with a definition, in the words of an error message. */
export function* faultsOf(definition: AlphabetDefinition): Generator<Fault> {
  const { kind, labels, blank, filler } = definition;
  for (const [field, index] of Object.entries({ blank, filler })) {
    if (index === undefined || (Number.isInteger(index) && index >= 0 && index < labels.length)) {
      continue;
    }
    const message = `expected the index of one of ${labels.length} labels, got ${index}`;
    yield { path: [field], message };
  }
  if (filler === blank) {
    yield { path: ['filler'], message: `expected another label than the blank, got ${filler}` };
  }

  const firstIndex = new Map<string, number>();
  for (const [index, label] of labels.entries()) {
    const path = ['labels', index];
    const name = JSON.stringify(label);
    const earlier = firstIndex.get(label);
    if (earlier !== undefined) {
      yield { path, message: `expected unique labels, got ${name} at ${earlier} and ${index}` };
    }
    firstIndex.set(label, earlier ?? index);
    if (index === blank || index === filler) continue;
    const message = kind === 'words' ? faultOfWord(label) : faultOfCharacter(label);
    if (message !== undefined) yield { path, message: `expected ${message}, got ${name}` };
  }

  const space = firstIndex.get(' ');
  if (kind === 'characters' && (space === undefined || space === blank || space === filler)) {
    yield { path: ['labels'], message: "expected a label ' ' among the characters, got none" };
  }
}

function faultOfWord(label: string): string | undefined {
  const isWord = label !== '' && !/\s/u.test(label) && normaliseText(label) === label;
  return isWord ? undefined : 'one lower-case word in Unicode form NFC';
}

function faultOfCharacter(label: string): string | undefined {
  const isCharacter = label === ' ' || (label.trim() !== '' && normaliseText(label) === label);
  return isCharacter && [...label].length === 1
    ? undefined
    : 'one lower-case character (code point) in Unicode form NFC';
}
