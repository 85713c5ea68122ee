import { describe, expect, it } from 'vitest';
import { PrefixWorths } from '../../../src/ctc/beam/prefix-worths.ts';
import { Prefixes } from '../../../src/ctc/beam/prefixes.ts';
import { ScorerMemo } from '../../../src/ctc/beam/scorer-memo.ts';
import { mostFavoured } from '../../../src/language/scorers.ts';

const labelSet = { labels: 4, silent: [0] };

/** Every label leads to a state of its own and is worth its number, and so in three parts. */
function countingScorer() {
  const parts = new Float64Array(3);
  let asked = 0;
  return {
    start: 0,
    parts,
    next(state: number, label: number) {
      asked++;
      parts.set([label, 10 * label, 100 * label]);
      return label === 3 ? -1 : 4 * state + label + 1;
    },
    end: () => void parts.fill(0),
    asked: () => asked,
  };
}

describe('what prefixes are worth', () => {
  it('is asked once of each state and label, and summed along a prefix', () => {
    const scorer = countingScorer();
    const worths = new PrefixWorths(scorer, new ScorerMemo(scorer, labelSet));
    worths.reset(8);
    const gainOf = (node: number, label: number) => worths.memo.gains[worths.ask(node, label)];
    expect(gainOf(0, 1)).toBe(111);
    expect(gainOf(0, 3)).toBe(-Infinity);
    worths.add(1, 0, 1);
    expect(gainOf(1, 2)).toBe(222);
    worths.add(2, 1, 2);
    expect(worths.totals[2]).toBe(333);
    expect([...worths.parts.subarray(6, 9)]).toEqual([3, 30, 300]);
    const entryOf = (label: number) => worths.memo.entries[worths.blockOf(1) * 4 + label]!;
    expect(worths.memo.gains[entryOf(2)]).toBe(222);
    expect(entryOf(1)).toBe(-1);
    expect(scorer.asked()).toBe(3);
  });

  it('knows what may be gained from the scorer, or once all labels were asked about', () => {
    const scorer = countingScorer();
    const worths = new PrefixWorths(scorer, new ScorerMemo(scorer, labelSet));
    worths.reset(8);
    const bound = () => worths.memo.mostGains[worths.blockOf(0)];
    for (const label of [1, 2]) {
      worths.ask(0, label);
      expect(bound()).toBe(Infinity);
    }
    worths.ask(0, 3);
    expect(bound()).toBe(222);
    const bounds = { most: 1000, usual: 150, favoured: [1, 3] };
    const memo = new ScorerMemo({ ...scorer, gainBounds: () => bounds }, labelSet);
    for (let state = 1; state < 30; state++) memo.blockOf(state);
    const block = memo.blockOf(7);
    expect([memo.mostGains[block], memo.usualGains[block]]).toEqual([1000, 150]);
    const from = block * mostFavoured;
    expect(memo.favouredCounts[block]).toBe(2);
    expect([...memo.favoured.subarray(from, from + 2)]).toEqual([1, 3]);
    for (const label of [1, 2, 3]) memo.ask(7, label, block);
    expect([memo.mostGains[block], memo.usualGains[block]]).toEqual([222, 150]);
  });

  it('forgets what was said when that has become too much, and asks again', () => {
    const scorer = countingScorer();
    const worths = new PrefixWorths(scorer, new ScorerMemo(scorer, labelSet, 20));
    worths.reset(64);
    const beam = new Prefixes();
    beam.count = 1;
    for (let node = 0; node < 40; node++) {
      worths.ask(node, 2);
      worths.add(node + 1, node, 2);
      beam.nodes[0] = node + 1;
      worths.note(beam, 0);
      worths.keepInBounds(node + 2, beam);
      expect(beam.worths[0]).toBe((node + 1) * 222);
      expect(beam.blocks[0]).toBe(worths.blockOf(node + 1));
    }
    expect(worths.totals[40]).toBe(40 * 222);
    expect(worths.blockOf(0)).toBeLessThan(25);
    expect(worths.memo.entries[worths.blockOf(0) * 4 + 2]).toBe(-1);
    expect(worths.memo.gains[worths.ask(0, 2)]).toBe(222);
  });

  it('is shared by the searches of a scorer, each of which notices when it is forgotten', () => {
    const scorer = countingScorer();
    const memo = ScorerMemo.of(scorer, labelSet);
    expect(ScorerMemo.of(scorer, labelSet)).toBe(memo);
    expect(ScorerMemo.of(countingScorer(), labelSet)).not.toBe(memo);
    const worths = new PrefixWorths(scorer, memo);
    const beam = new Prefixes();
    beam.count = 1;
    beam.nodes[0] = 0;
    worths.reset(8);
    memo.blockOf(99);
    worths.note(beam, 0);
    expect(beam.blocks[0]).toBe(1);
    memo.clear();
    worths.keepInBounds(1, beam);
    expect(beam.blocks[0]).toBe(0);
    expect(ScorerMemo.of(scorer, { labels: 5, silent: [0] })).not.toBe(memo);
  });
});
