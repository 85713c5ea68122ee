/**
 * What phrases that are hoped for cost the prefix beam search: none, ten and a thousand of them on the same
 * emissions in turns, and what it takes to get ready for a thousand. The phrases are those of the recording
 * before, as they often are, but each search begins with a scorer that has seen nothing. Seconds are of CPU
 * time, which a busy machine disturbs less.
 */
import { readFileSync } from 'node:fs';
import { PrefixBeamSearch } from '../../src/ctc/beam/prefix-beam-search.ts';
import type { Hotword } from '../../src/language/hotword.ts';
import { HotwordAutomaton } from '../../src/language/hotword-automaton.ts';
import { LabelLanguage } from '../../src/language/label-language.ts';
import { Random } from '../../src/math/random.ts';
import { readNpyFloat32 } from '../reference/npy.ts';
import { type BenchContext, type BenchRow, median } from './harness.ts';

const alphabet = {
  kind: 'characters',
  labels: ['<blank>', ..."abcdefghijklmnopqrstuvwxyz '"],
  blank: 0,
  filler: undefined,
  space: 27,
} as const;
const phraseCounts = [0, 10, 1000] as const;
const beamWidths = [10, 25, 100] as const;
/** Searches in one measurement. */
const passes = 20;

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

function phrasesOf(words: readonly string[], count: number, random: Random): Hotword[] {
  const pick = () => random.pick(words);
  return Array.from({ length: count }, () => ({
    phrase: Array.from({ length: 1 + random.integer(3) }, pick).join(' '),
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
  for (const name of ['peaky_v29', 'flat_v29']) {
    const random = new Random(1);
    const words = wordsLike(name, random);
    const lists = phraseCounts.map((count) => phrasesOf(words, count, random));
    for (const beamWidth of beamWidths) rows.push(...searchRows(name, beamWidth, lists, runs));
    const seconds = secondsInTurns([() => new HotwordAutomaton(alphabet, lists.at(-1)!)], runs);
    rows.push({
      bench: 'hotwords',
      case: `${name}, getting ready for ${phraseCounts.at(-1)} phrases`,
      value: 1000 * seconds[0]!,
      unit: 'ms',
    });
  }
  return rows;
}

function searchRows(
  name: string,
  beamWidth: number,
  lists: readonly (readonly Hotword[])[],
  runs: number,
): BenchRow[] {
  const { shape, values } = readNpyFloat32(readFileSync(golden(`emissions/${name}.npy`)));
  const [utterances, frames, labels] = shape as [number, number, number];
  const size = frames * labels;
  const works = lists.map((hotwords) => {
    const language = new LabelLanguage(alphabet);
    return () => {
      for (let pass = 0; pass < passes; pass++) {
        const from = (pass % utterances) * size;
        const scorer = language.scorer({ hotwords });
        const search = new PrefixBeamSearch({ labels, silent: [0] }, { beamWidth, scorer });
        search.advance(values.subarray(from, from + size), frames);
        search.hypotheses(1);
      }
    };
  });
  const speeds = secondsInTurns(works, runs).map((seconds) => (passes * frames) / seconds);
  return speeds.map((speed, index) => ({
    bench: 'hotwords',
    case: `${name} beam=${beamWidth} exact, ${lists[index]!.length} phrases`,
    value: speed,
    unit: 'frames/s',
    ...(index === 0 ? {} : { baseline: 'no phrases', ratio: speed / speeds[0]! }),
  }));
}
