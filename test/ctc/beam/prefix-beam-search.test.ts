import { describe, expect, it } from 'vitest';
import {
  type PrefixBeamOptions,
  PrefixBeamSearch,
  type PrefixHypothesis,
} from '../../../src/ctc/beam/prefix-beam-search.ts';
import { Random } from '../../../src/math/random.ts';
import { enumerateLabellings, textbookPrefixBeam } from '../../reference/prefix-beam.ts';
import { randomScorer } from '../../reference/random-scorer.ts';

type Rows = readonly (readonly number[])[];

/** ln of a distribution a frame, the more uneven the larger `scale`; here and there something impossible. */
function randomRows(random: Random, frames: number, labels: number, scale: number): number[][] {
  return Array.from({ length: frames }, () => {
    const logits = Array.from({ length: labels }, () =>
      random.chance(0.05) ? -Infinity : scale * random.gaussian(),
    );
    logits[random.integer(labels)] = 0;
    const logSum = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
    return logits.map((logit) => logit - logSum);
  });
}

function searchOf(
  rows: Rows,
  options: PrefixBeamOptions & { silent?: readonly number[]; filler?: number | undefined },
  chunks: readonly number[] = [rows.length],
): PrefixBeamSearch {
  const labels = rows[0]?.length ?? 3;
  const { silent = [0], filler } = options;
  const search = new PrefixBeamSearch({ labels, silent, filler }, options);
  let from = 0;
  for (const frames of chunks) {
    search.advance(Float64Array.from(rows.slice(from, from + frames).flat()), frames);
    from += frames;
  }
  return search;
}

const logsOf = (probs: Rows) => probs.map((row) => row.map(Math.log));
const spelling = ({ labels }: PrefixHypothesis) => labels.join();

describe('prefix beam search', () => {
  it('with a beam for all is the sum over all paths of every labelling', () => {
    const random = new Random(1);
    for (let trial = 0; trial < 60; trial++) {
      const labels = 2 + random.integer(3);
      const rows = randomRows(random, 1 + random.integer(6), labels, 2);
      const silent = labels > 2 && random.chance(0.5) ? [1, 0] : [0];
      const found = searchOf(rows, { beamWidth: 10_000, silent }).hypotheses(10_000);
      const expected = enumerateLabellings(rows, silent);
      for (const [labelling, prob] of expected) if (prob === 0) expected.delete(labelling);
      expect(new Set(found.map(spelling))).toEqual(new Set(expected.keys()));
      for (const hypothesis of found) {
        expect(Math.exp(hypothesis.score)).toBeCloseTo(expected.get(spelling(hypothesis))!, 12);
      }
      const sorted = found.map(({ score }) => score).sort((a, b) => b - a);
      expect(found.map(({ score }) => score)).toEqual(sorted);
    }
  });

  it('hears a stretch of filler once, however often and with whatever silence it is said', () => {
    const random = new Random(12);
    for (let trial = 0; trial < 60; trial++) {
      const labels = 3 + random.integer(2);
      const rows = randomRows(random, 1 + random.integer(6), labels, 2);
      const filler = 1 + random.integer(labels - 1);
      const scorer = random.chance(0.5) ? randomScorer(random, labels, 3) : undefined;
      const options = { beamWidth: 10_000, filler, scorer };
      const found = searchOf(rows, options).hypotheses(10_000, false);
      const expected = enumerateLabellings(rows, [0], filler);
      for (const [labelling, prob] of expected) if (prob === 0) expected.delete(labelling);
      for (const hypothesis of found) {
        expect(Math.exp(hypothesis.acoustic)).toBeCloseTo(expected.get(spelling(hypothesis))!, 12);
      }
      if (scorer !== undefined) continue;
      expect(new Set(found.map(spelling))).toEqual(new Set(expected.keys()));
    }
  });

  it('finds the same where searches that take turns ask one scorer', () => {
    const random = new Random(13);
    for (let trial = 0; trial < 20; trial++) {
      const scorer = randomScorer(random, 4, 6);
      const options = { beamWidth: 8, scorer };
      const recordings = [0, 1].map(() => randomRows(random, 20, 4, 2));
      const inTurns = recordings.map(
        () => new PrefixBeamSearch({ labels: 4, silent: [0] }, options),
      );
      for (let t = 0; t < 20; t++) {
        for (const [index, rows] of recordings.entries()) {
          inTurns[index]!.advance(Float64Array.from(rows[t]!), 1);
        }
      }
      for (const [index, rows] of recordings.entries()) {
        const alone = searchOf(rows, { ...options, scorer: { ...scorer } });
        expect(inTurns[index]!.hypotheses(8)).toEqual(alone.hypotheses(8));
      }
    }
  });

  // github.com/githubharald/CTCDecoder's example: labels a, b, blank.
  it('finds "a" where the best path reads nothing', () => {
    const rows = logsOf([
      [0.4, 0, 0.6],
      [0.4, 0, 0.6],
    ]);
    const [best] = searchOf(rows, { beamWidth: 10, silent: [2] }).hypotheses(1);
    expect([...best!.labels]).toEqual([0]);
    expect(Math.exp(best!.score)).toBeCloseTo(0.64, 12);
  });

  it("has wenet's scores of three frames at their width, and the exact ones beyond it", () => {
    const rows = logsOf([
      [0.25, 0.4, 0.35],
      [0.4, 0.35, 0.25],
      [0.1, 0.5, 0.4],
    ]);
    const bestOf = (beamWidth: number) =>
      searchOf(rows, { beamWidth })
        .hypotheses(3)
        .map((hypothesis) => [spelling(hypothesis), Number(Math.exp(hypothesis.score).toFixed(9))]);
    expect(bestOf(3)).toEqual([
      ['2,1', 0.2185],
      ['1,2', 0.155],
      ['1', 0.1525],
    ]);
    expect(bestOf(100)).toEqual([
      ['2,1', 0.2185],
      ['1,2', 0.205],
      ['1', 0.2025],
    ]);
  });

  it('is a search of prefixes at width 1 too, not the best path', () => {
    const rows = logsOf([
      [0.45, 0.55],
      [0.55, 0.45],
    ]);
    // The best path says 1 and then nothing, 0.55²; the prefix 1 has the path 1 1 besides.
    const [best] = searchOf(rows, { beamWidth: 1 }).hypotheses(5);
    expect(Math.exp(best!.score)).toBeCloseTo(0.55 * 0.55 + 0.55 * 0.45, 12);
  });

  it('agrees with a textbook search under every option, alone and together', () => {
    const random = new Random(2);
    for (let trial = 0; trial < 400; trial++) {
      const labels = 3 + random.integer(4);
      const rows = randomRows(random, 1 + random.integer(25), labels, random.uniform(0.5, 4));
      const options = {
        silent: random.chance(0.3) ? [0, 2] : [0],
        beamWidth: 1 + random.integer(12),
        scoreThreshold: random.chance(0.4) ? random.uniform(0.1, 4) : undefined,
        labelsPerFrame: random.chance(0.4) ? 1 + random.integer(labels) : undefined,
        scorer: random.chance(0.6) ? randomScorer(random, labels, 4) : undefined,
      };
      const found = searchOf(rows, options).hypotheses(options.beamWidth);
      const expected = textbookPrefixBeam(rows, options);
      expect(found.map(spelling)).toEqual(expected.map((labelling) => labelling.labels.join()));
      for (const [rank, { acoustic, parts, score }] of expected.entries()) {
        const hypothesis = found[rank]!;
        expect(hypothesis.acoustic).toBeCloseTo(acoustic, 9);
        expect(hypothesis.language).toBeCloseTo(parts[0]!, 9);
        expect(hypothesis.words).toBeCloseTo(parts[1]!, 9);
        expect(hypothesis.hotwords).toBeCloseTo(parts[2]!, 9);
        expect(hypothesis.score).toBeCloseTo(score, 9);
      }
    }
  });

  it('agrees with it over hundreds of frames, over which most prefixes are forgotten', () => {
    const random = new Random(3);
    for (const scorer of [undefined, randomScorer(random, 6, 300)]) {
      const rows = randomRows(random, 250, 6, 2);
      const options = { silent: [0], beamWidth: 8, scorer };
      const found = searchOf(rows, options).hypotheses(8);
      const expected = textbookPrefixBeam(rows, options);
      expect(found.length).toBeGreaterThan(3);
      expect(found.map(spelling)).toEqual(expected.map((labelling) => labelling.labels.join()));
      expect(found[0]!.score).toBeCloseTo(expected[0]!.score, 9);
    }
  });

  it('gives bit for bit the same however the frames are cut into chunks', () => {
    const random = new Random(4);
    for (let trial = 0; trial < 20; trial++) {
      const rows = randomRows(random, 300, 8, 2);
      const scorer = trial % 2 === 0 ? undefined : randomScorer(random, 8, 50);
      const options = { beamWidth: 1 + random.integer(20), scorer };
      const whole = searchOf(rows, options).hypotheses(20);
      const chunks: number[] = [];
      for (let left = rows.length; left > 0; left -= chunks.at(-1)!) {
        chunks.push(Math.min(left, random.integer(40)));
      }
      expect(searchOf(rows, options, chunks).hypotheses(20)).toEqual(whole);
    }
  });

  it('reads float32 as it reads float64', () => {
    const rows = randomRows(new Random(5), 50, 5, 2).map((row) => row.map(Math.fround));
    const search = new PrefixBeamSearch({ labels: 5, silent: [0] }, { beamWidth: 10 });
    search.advance(Float32Array.from(rows.flat()), 50);
    expect(search.hypotheses(10)).toEqual(searchOf(rows, { beamWidth: 10 }).hypotheses(10));
  });

  it('may be asked for its hypotheses at any time, and starts anew when told to', () => {
    const random = new Random(6);
    const rows = randomRows(random, 40, 5, 2);
    const options = { beamWidth: 6, scorer: randomScorer(random, 5, 9) };
    const whole = searchOf(rows, options).hypotheses(6);
    const search = searchOf(rows.slice(0, 1), options);
    for (const row of rows.slice(1)) {
      search.hypotheses(3);
      search.hypotheses(6, false);
      search.advance(Float64Array.from(row), 1);
    }
    expect(search.hypotheses(6)).toEqual(whole);
    search.reset();
    expect(search.hypotheses(6, false).map(spelling)).toEqual(['']);
    search.advance(Float64Array.from(rows.flat()), rows.length);
    expect(search.hypotheses(6)).toEqual(whole);
  });

  it('gives scores that are the sum of their parts, with and without the end', () => {
    const random = new Random(7);
    for (let trial = 0; trial < 20; trial++) {
      const rows = randomRows(random, 30, 5, 2);
      const scorer = trial === 0 ? undefined : randomScorer(random, 5, 6);
      const search = searchOf(rows, { beamWidth: 10, scorer });
      const found = [...search.hypotheses(10), ...search.hypotheses(10, false)];
      expect(found.length).toBeGreaterThan(1);
      for (const { score, acoustic, language, words, hotwords } of found) {
        expect(score).toBe(acoustic + language + words + hotwords);
      }
    }
  });

  it('gives no labelling that the scorer forbids, and none where it lets nothing end', () => {
    const parts = new Float64Array(3);
    // Label 1, then label 2, then the end.
    const scorer = {
      start: 0,
      parts,
      next: (state: number, label: number) => (label === state + 1 ? state + 1 : -1),
      end: (state: number) => void parts.fill(state === 2 ? 0 : -Infinity),
    };
    const rows = logsOf([
      [0.2, 0.3, 0.5],
      [0.2, 0.3, 0.5],
    ]);
    const found = searchOf(rows, { beamWidth: 10, scorer }).hypotheses(10);
    expect(found.map(spelling)).toEqual(['1,2']);
    const early = searchOf(rows.slice(0, 1), { beamWidth: 10, scorer });
    expect(early.hypotheses(10)).toEqual([]);
    parts.fill(0);
    expect(early.hypotheses(10, false).map(spelling)).toEqual(['1', '']);
  });

  it('keeps what has been longer in the beam among equals, then what has the lower label', () => {
    const even = logsOf([[0.25, 0.25, 0.25, 0.25]]);
    expect(searchOf(even, { beamWidth: 3 }).hypotheses(3).map(spelling)).toEqual(['', '1', '2']);
  });

  it('knows no NaN, whatever is impossible and however far apart scores are', () => {
    const random = new Random(8);
    const scales = [1, 1e3, 1e30, 1e300];
    for (let trial = 0; trial < 100; trial++) {
      const rows = Array.from({ length: 12 }, () =>
        Array.from({ length: 4 }, () =>
          random.chance(0.4) ? -Infinity : -random.pick(scales) * random.next(),
        ),
      );
      const scorer = trial % 2 === 0 ? undefined : randomScorer(random, 4, 5);
      const found = searchOf(rows, { beamWidth: 5, labelsPerFrame: 3, scorer }).hypotheses(5);
      for (const { score, acoustic } of found) {
        expect(score).toBeGreaterThan(-Infinity);
        expect(acoustic).toBeLessThan(1);
      }
    }
  });

  it('has nothing left after a frame in which nothing is possible', () => {
    const rows = [
      [Math.log(0.5), Math.log(0.5)],
      [-Infinity, -Infinity],
      [0, -Infinity],
    ];
    expect(searchOf(rows.slice(0, 2), { beamWidth: 5 }).hypotheses(5)).toEqual([]);
    expect(searchOf(rows, { beamWidth: 5 }).hypotheses(5)).toEqual([]);
  });

  it('is certain of nothing said before the first frame', () => {
    const [hypothesis, ...others] = searchOf([], { beamWidth: 5 }).hypotheses(5);
    expect(others).toEqual([]);
    expect(hypothesis).toMatchObject({ labels: new Int32Array(0), score: 0, acoustic: 0 });
  });

  it('asks every 64 frames whether to go on, and stops by what that throws', () => {
    const rows = randomRows(new Random(9), 200, 3, 1);
    let asked = 0;
    const checkpoint = () => void asked++;
    searchOf(rows, { beamWidth: 4, checkpoint }, [50, 150]);
    expect(asked).toBe(4);
    const stop = () => {
      throw new Error('stopped');
    };
    expect(() => searchOf(rows, { beamWidth: 4, checkpoint: stop })).toThrow('stopped');
  });

  it('refuses what makes no sense', () => {
    const make = (options: Partial<PrefixBeamOptions>, silent = [0]) =>
      new PrefixBeamSearch({ labels: 3, silent }, { beamWidth: 1, ...options });
    expect(() => make({ beamWidth: 0 })).toThrow(/expected beamWidth of at least 1, got 0/);
    expect(() => make({ beamWidth: 1.5 })).toThrow(RangeError);
    expect(() => make({ scoreThreshold: -1 })).toThrow(/scoreThreshold/);
    expect(() => make({ labelsPerFrame: 0 })).toThrow(/labelsPerFrame/);
    for (const silent of [[], [3], [0, 0]]) expect(() => make({}, silent)).toThrow(/silent/);
    expect(() => make({}).advance(new Float32Array(4), 1)).toThrow(/1 frames × 3 labels, got 4/);
  });
});
