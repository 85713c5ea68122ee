import { Random } from '../math/random.ts';

/** Where someone or something belongs: a speaker of a corpus. */
export type SpeakerOf = { readonly corpus: string; readonly speaker: string };

/**
 * Parts speakers into two halves, those of each corpus for themselves, so that no voice is in both.
 * @returns the half, 0 or 1, of anyone among them
 */
export function speakerHalves(
  everyone: readonly SpeakerOf[],
  seed: number,
): (one: SpeakerOf) => number {
  const random = new Random(seed);
  const halves = new Map<string, number>();
  const corpora = Map.groupBy(everyone, ({ corpus }) => corpus);
  for (const corpus of [...corpora.keys()].sort()) {
    const names = [...new Set(corpora.get(corpus)!.map(nameOf))].sort();
    for (let last = names.length - 1; last > 0; last--) {
      const other = random.integer(last + 1);
      [names[last], names[other]] = [names[other]!, names[last]!];
    }
    for (const [index, name] of names.entries()) halves.set(name, index % 2);
  }
  return (one) => halves.get(nameOf(one))!;
}

function nameOf({ corpus, speaker }: SpeakerOf): string {
  return JSON.stringify([corpus, speaker]);
}
