/**
 * What phrases that are hoped for cost the prefix beam search: none, ten and more of them on the same emissions in
 * turns, and what it takes to get ready for a thousand. The phrases are those of the recording before, as they
 * often are, and what was found out about them is kept; one row a width is of phrases that no recording came with
 * before. Seconds are of CPU time, which a busy machine disturbs less.
 */
import { readFileSync } from 'node:fs';
import { PrefixBeamSearch } from '../../src/ctc/beam/prefix-beam-search.ts';
import type { Hotword } from '../../src/language/hotword.ts';
import { HotwordAutomaton } from '../../src/language/hotword-automaton.ts';
import { HotwordScorer } from '../../src/language/hotword-scorer.ts';
import type { LabelAlphabet } from '../../src/language/label-alphabet.ts';
import { LabelLanguage } from '../../src/language/label-language.ts';
import type { LabelScorer } from '../../src/language/scorers.ts';
import { Random } from '../../src/math/random.ts';
import { readNpyFloat32 } from '../reference/npy.ts';
import { type BenchContext, type BenchRow, median } from './harness.ts';

const characters = {
  kind: 'characters',
  labels: ['<blank>', ..."abcdefghijklmnopqrstuvwxyz '"],
  blank: 0,
  filler: undefined,
  space: 27,
} as const;
const digits = {
  kind: 'words',
  labels: ['<blank>', ...'0123456789x'],
  blank: 0,
  filler: undefined,
  space: undefined,
} as const;
const cases = [
  { name: 'peaky_v29', alphabet: characters, counts: [0, 10, 100, 1000] },
  { name: 'flat_v29', alphabet: characters, counts: [0, 10, 100, 1000] },
  { name: 'digits_v12', alphabet: digits, counts: [0, 10, 100, 1000, 10_000] },
] as const;
const beamWidths = [10, 25, 100] as const;
/** Searches in one measurement. */
const passes = 20;
const searchedAnew = 1000;

const golden = (name: string) => new URL(`../golden/${name}`, import.meta.url);

/** Words that are said in the emissions, and as many again that only begin like them. */
function wordsLike(name: string, random: Random): string[] {
  const { results } = JSON.parse(readFileSync(golden(`prefix_beam_${name}.json`), 'utf8')) as {
    results: { beam10: { best: { text: string }[] }[] };
  };
  const said = new Set(results.beam10.flatMap(({ best }) => best[0]!.text.split(' ')));
  const words = [...said].filter((word) => word.length > 1);
  const letters = [...'etaoinshrdlu'];
  const alike = words.map((word) => {
    const kept = word.slice(0, 1 + random.integer(word.length));
    return kept + Array.from({ length: 4 }, () => random.pick(letters)).join('');
  });
  return [...words, ...alike];
}

/** Phrases of `least` to `most` words. */
function phrasesOf(
  words: readonly string[],
  count: number,
  [least, most]: readonly [number, number],
  random: Random,
): Hotword[] {
  const pick = () => random.pick(words);
  return Array.from({ length: count }, () => ({
    phrase: Array.from({ length: least + random.integer(most + 1 - least) }, pick).join(' '),
    weight: random.uniform(1, 5),
  }));
}

function secondsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Medians of the seconds of each, taken in turns after a turn that warms up. */
function secondsInTurns(works: readonly (() => void)[], runs: number): number[] {
  for (const work of works) work();
  const rounds = Array.from({ length: runs }, () => works.map(secondsOf));
  return works.map((_, index) => median(rounds.map((round) => round[index]!)));
}

export async function run({ runs }: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const { name, alphabet, counts } of cases) {
    const random = new Random(1);
    const isSpelt = alphabet.kind === 'characters';
    const words = isSpelt ? wordsLike(name, random) : alphabet.labels.slice(1);
    const lists = counts.map((count) => phrasesOf(words, count, isSpelt ? [1, 3] : [5, 7], random));
    for (const beamWidth of beamWidths) {
      rows.push(...searchRows({ name, alphabet, lists, beamWidth }, runs));
    }
    const thousand = lists.find(({ length }) => length === searchedAnew)!;
    const [seconds] = secondsInTurns([() => new HotwordAutomaton(alphabet, thousand)], runs);
    rows.push({
      bench: 'hotwords',
      case: `${name}, getting ready for ${thousand.length} phrases`,
      value: 1000 * seconds!,
      unit: 'ms',
    });
  }
  return rows;
}

type SearchCase = {
  readonly name: string;
  readonly alphabet: LabelAlphabet;
  readonly lists: readonly (readonly Hotword[])[];
  readonly beamWidth: number;
};

function searchRows({ name, alphabet, lists, beamWidth }: SearchCase, runs: number): BenchRow[] {
  const { shape, values } = readNpyFloat32(readFileSync(golden(`emissions/${name}.npy`)));
  const [utterances, frames, labels] = shape as [number, number, number];
  const size = frames * labels;
  const searchAll = (scorerOf: () => LabelScorer | undefined) => () => {
    for (let pass = 0; pass < passes; pass++) {
      const from = (pass % utterances) * size;
      const search = new PrefixBeamSearch(
        { labels, silent: [0] },
        { beamWidth, scorer: scorerOf() },
      );
      search.advance(values.subarray(from, from + size), frames);
      search.hypotheses(1);
    }
  };
  const works = lists.map((hotwords) => {
    const language = new LabelLanguage(alphabet);
    return {
      what: `${hotwords.length} phrases`,
      search: searchAll(() => language.scorer({ hotwords })),
    };
  });
  const automaton = new HotwordAutomaton(
    alphabet,
    lists.find(({ length }) => length === searchedAnew)!,
  );
  works.push({
    what: `${searchedAnew} phrases for the first time`,
    search: searchAll(() => new HotwordScorer(automaton)),
  });
  const seconds = secondsInTurns(
    works.map(({ search }) => search),
    runs,
  );
  const speeds = seconds.map((each) => (passes * frames) / each);
  return works.map(({ what }, index) => ({
    bench: 'hotwords',
    case: `${name} beam=${beamWidth} exact, ${what}`,
    value: speeds[index]!,
    unit: 'frames/s',
    ...(index === 0 ? {} : { baseline: 'no phrases', ratio: speeds[index]! / speeds[0]! }),
  }));
}
