import { vocabularyOf } from '../../src/alphabet/vocabulary.ts';
import type { ServedModel } from '../../src/recognition/recognition-service.ts';
import type { Example, ExamplesFor } from './operation.ts';

/** Two words that a model can hear. */
export function exampleWords({ manifest }: ServedModel): string[] {
  const { alphabet } = manifest;
  const words = vocabularyOf(alphabet);
  if (words !== undefined) return [...words].slice(0, 2);
  const special = [alphabet.blank, alphabet.filler, alphabet.labels.indexOf(' ')];
  return alphabet.labels.filter((_, index) => !special.includes(index)).slice(0, 2);
}

/** Examples that name their model, as a request must where several are served. */
export function forModels(
  examples: (model: ServedModel) => Readonly<Record<string, Example>>,
): ExamplesFor {
  return (model) =>
    Object.fromEntries(
      Object.entries(examples(model)).map(([name, { summary, value }]) => [
        name,
        { summary, value: { model: model.name, ...value } },
      ]),
    );
}

/** Rows of features as wide as a model's acoustic model reads them. */
export function exampleFeatures({ loaded }: ServedModel, pass: 'ctc' | 'hmm' = 'ctc'): number[][] {
  const { dims } = loaded.passes.find(({ name }) => name === pass)!;
  return [0, 1].map((t) => Array.from({ length: dims }, (_, d) => ((t + d) % 5) / 4));
}
