import { PriorityQueue } from '../math/priority-queue.ts';
import type { DecodingNetwork } from './decoding-network.ts';
import { labelOfArc, outgoingArcs } from './lattice-arcs.ts';
import type { WordLattice } from './word-lattice.ts';

/** A way through a lattice from its start to one of its ends. */
export type LatticePath = {
  /** In order of time. */
  readonly arcs: readonly number[];
  readonly logFinal: number;
  /** ln; of the arcs and the end */
  readonly score: number;
};

/** How many steps the search for more than the best takes at most, for each path that is wanted. */
const stepsPerPath = 10_000;

/** Steps from one call of the search's checkpoint to the next. */
const checkpointSteps = 1024;

/** The best path, that of token passing; undefined if nothing ends. Of equals the first record's. */
export function bestPathOf(lattice: WordLattice): LatticePath | undefined {
  const { finals, recordScore, recordBestArc, arcFrom } = lattice;
  const [first, ...others] = finals.map(({ record, logFinal }) => ({
    record,
    logFinal,
    score: recordScore[record]! + logFinal,
  }));
  if (first === undefined) return undefined;
  const best = others.reduce((a, b) => (b.score > a.score ? b : a), first);
  const arcs: number[] = [];
  let record = best.record;
  for (let arc = recordBestArc[record]!; arc >= 0; arc = recordBestArc[record]!) {
    arcs.push(arc);
    record = arcFrom[arc]!;
  }
  return { arcs: arcs.reverse(), logFinal: best.logFinal, score: best.score };
}

/**
 * The best path of each of the best sequences of words, best first, `count` at most: A* with the exact
 * score of the best way from each record to an end, which makes the first complete path with new words
 * the best one with these words. Partial paths with the same words in the same record are one after the
 * first. There are fewer paths where the lattice has fewer sequences, or where finding the next takes more
 * than `count` × 10 000 steps in all.
 *
 * @param checkpoint called again and again; it stops the search by throwing
 */
export function nBestPaths(
  lattice: WordLattice,
  network: DecodingNetwork,
  count: number,
  checkpoint: () => void = () => {},
): LatticePath[] {
  const { records, arcTo, arcScore } = lattice;
  const outgoing = outgoingArcs(lattice);
  const toEnd = bestScoresToEnd(lattice);
  const finals = new Map(lattice.finals.map(({ record, logFinal }) => [record, logFinal]));
  // Partial paths: items of the queue. A record of `records` stands for the end.
  const queue = new PriorityQueue();
  const items: { record: number; words: number; score: number; arc: number; parent: number }[] = [];
  const words = new Sequences(network.labels.length);
  const done = new Set<number>();
  const add = (item: (typeof items)[number], scoreToEnd: number): void => {
    if (scoreToEnd === -Infinity || done.has(item.words * (records + 1) + item.record)) return;
    items[queue.push(item.score + scoreToEnd)] = item;
  };

  const paths: LatticePath[] = [];
  add({ record: 0, words: 0, score: 0, arc: -1, parent: -1 }, toEnd[0]!);
  for (let step = 0; step < count * stepsPerPath && paths.length < count; step++) {
    if (step % checkpointSteps === 0) checkpoint();
    const index = queue.pop();
    if (index === undefined) break;
    const { record, words: spoken, score } = items[index]!;
    const key = spoken * (records + 1) + record;
    if (done.has(key)) continue;
    done.add(key);
    if (record === records) {
      paths.push(pathTo(index));
      continue;
    }
    const logFinal = finals.get(record);
    if (logFinal !== undefined) {
      const end = { record: records, words: spoken, score: score + logFinal, arc: -1 };
      add({ ...end, parent: index }, 0);
    }
    for (let place = outgoing.start[record]!; place < outgoing.start[record + 1]!; place++) {
      const arc = outgoing.order[place]!;
      const to = arcTo[arc]!;
      const label = labelOfArc(lattice, network, arc);
      const longer = label < 0 ? spoken : words.followed(spoken, label);
      add(
        { record: to, words: longer, score: score + arcScore[arc]!, arc, parent: index },
        toEnd[to]!,
      );
    }
  }
  return paths;

  function pathTo(end: number): LatticePath {
    const { score, parent } = items[end]!;
    const arcs: number[] = [];
    for (let item = items[parent]!; item.arc >= 0; item = items[item.parent]!) arcs.push(item.arc);
    return { arcs: arcs.reverse(), logFinal: finals.get(items[parent]!.record)!, score };
  }
}

/** records; ln score of the best way from a record to an end, −∞ where there is none */
function bestScoresToEnd({ records, arcs, arcFrom, arcTo, arcScore, finals }: WordLattice) {
  const scores = new Float64Array(records).fill(-Infinity);
  for (const { record, logFinal } of finals) scores[record] = logFinal;
  for (let arc = arcs - 1; arc >= 0; arc--) {
    const score = arcScore[arc]! + scores[arcTo[arc]!]!;
    if (score > scores[arcFrom[arc]!]!) scores[arcFrom[arc]!] = score;
  }
  return scores;
}

/** Sequences of labels by number: 0 is the empty one. */
class Sequences {
  private readonly labels: number;
  private readonly numbers = new Map<number, number>();

  constructor(labels: number) {
    this.labels = labels;
  }

  followed(sequence: number, label: number): number {
    const key = sequence * this.labels + label;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.numbers.size + 1;
    this.numbers.set(key, number);
    return number;
  }
}
