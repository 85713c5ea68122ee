import { type LabelScorer, scorePartCount } from '../../src/language/scorers.ts';
import { collapse, pathsOver } from './ctc-enumeration.ts';

/** ln probabilities by frame and label. */
type Rows = readonly (readonly number[])[];

/** What a search made of a labelling. */
export type Labelling = {
  readonly labels: readonly number[];
  /** ln of the summed probability of its paths. */
  readonly acoustic: number;
  /** What a scorer says of it, by part. */
  readonly parts: readonly number[];
  readonly score: number;
};

export type TextbookOptions = {
  readonly silent: readonly number[];
  readonly beamWidth: number;
  readonly scoreThreshold?: number | undefined;
  readonly labelsPerFrame?: number | undefined;
  readonly scorer?: LabelScorer | undefined;
};

/**
 * Every labelling that paths over the frames collapse to (Graves et al. 2006, eq. 3) and its probability, the
 * paths spelt out one by one; silent labels are one with the first of them, and fillers with nothing but silence
 * between them one filler. labels^frames paths.
 */
export function enumerateLabellings(
  rows: Rows,
  silent: readonly number[],
  filler?: number,
): Map<string, number> {
  const probs = new Map<string, number>();
  const [blank] = silent;
  for (const path of pathsOver(rows.length, rows[0]?.length ?? 0)) {
    const heard = path.map((label) => (silent.includes(label) ? blank! : label));
    const labelling = collapse(heard, blank!)
      .filter((label, index, all) => label !== filler || all[index - 1] !== filler)
      .join();
    const logProb = path.reduce((sum, label, t) => sum + rows[t]![label]!, 0);
    probs.set(labelling, (probs.get(labelling) ?? 0) + Math.exp(logProb));
  }
  return probs;
}

/**
 * Prefix search as textbooks print it (Hannun et al. 2014, algorithm 1): prefixes are strings in a table,
 * every one is made longer by every label, and the table is sorted. The scorer walks each prefix from its
 * start. The labellings come best first, what the scorer says of the end in their parts.
 */
export function textbookPrefixBeam(rows: Rows, options: TextbookOptions): Labelling[] {
  const { silent, beamWidth, scoreThreshold = Infinity, labelsPerFrame = Infinity } = options;
  type Entry = { labels: number[]; worth: number; blank: number; label: number };
  const scoreOf = ({ worth, blank, label }: Entry) => logSum(blank, label) + worth;
  let beam: Entry[] = [{ labels: [], worth: 0, blank: 0, label: -Infinity }];
  for (const row of rows) {
    const silence = logSum(...silent.map((label) => row[label]!));
    const voiced = row.flatMap((logProb, label) =>
      silent.includes(label) ? [] : [{ label, logProb }],
    );
    const best = [{ label: -1, logProb: silence }, ...voiced]
      .sort((a, b) => b.logProb - a.logProb)
      .slice(0, labelsPerFrame);
    const logProbOf = (label: number) =>
      best.find((entry) => entry.label === label)?.logProb ?? -Infinity;
    const table = new Map<string, Entry>();
    const entryOf = (labels: number[]) => {
      const key = labels.join();
      const known = table.get(key);
      if (known !== undefined) return known;
      const worth = sum(partsOf(options.scorer, labels, false));
      const entry = { labels, worth, blank: -Infinity, label: -Infinity };
      table.set(key, entry);
      return entry;
    };
    // All that stay before all that are new, so that among equals they come first.
    for (const { labels, blank, label } of beam) {
      const last = labels.at(-1);
      const stays = entryOf(labels);
      stays.blank = logSum(blank, label) + logProbOf(-1);
      if (last !== undefined) stays.label = label + logProbOf(last);
    }
    for (const { labels, blank, label } of beam) {
      for (const { label: said } of voiced) {
        const from = said === labels.at(-1) ? blank : logSum(blank, label);
        const longer = entryOf([...labels, said]);
        longer.label = logSum(longer.label, from + logProbOf(said));
      }
    }
    const entries = [...table.values()]
      .map((entry) => ({ entry, score: scoreOf(entry) }))
      .filter(({ score }) => score > -Infinity);
    const ranked = [...entries].sort((a, b) => b.score - a.score).slice(0, beamWidth);
    const kept = new Set(ranked.filter(({ score }) => score >= ranked[0]!.score - scoreThreshold));
    beam = entries.filter((entry) => kept.has(entry)).map(({ entry }) => entry);
  }
  return beam
    .map(({ labels, blank, label }) => {
      const acoustic = logSum(blank, label);
      const parts = partsOf(options.scorer, labels, true);
      return { labels, acoustic, parts, score: acoustic + sum(parts) };
    })
    .filter(({ score }) => score > -Infinity)
    .sort((a, b) => b.score - a.score);
}

/** The parts along a sequence of labels; −∞ where it is forbidden. */
function partsOf(
  scorer: LabelScorer | undefined,
  labels: readonly number[],
  ended: boolean,
): number[] {
  const parts = new Array<number>(scorePartCount).fill(0);
  if (scorer === undefined) return parts;
  const take = () => {
    for (let part = 0; part < scorePartCount; part++) parts[part]! += scorer.parts[part]!;
  };
  let state = scorer.start;
  for (const label of labels) {
    state = scorer.next(state, label);
    if (state < 0) return parts.fill(-Infinity);
    take();
  }
  if (ended) {
    scorer.end(state);
    take();
  }
  return parts;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function logSum(...logs: readonly number[]): number {
  const largest = Math.max(...logs);
  if (largest === -Infinity) return largest;
  return largest + Math.log(sum(logs.map((log) => Math.exp(log - largest))));
}
