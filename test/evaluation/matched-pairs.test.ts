import { describe, expect, it } from 'vitest';
import {
  errorSegments,
  matchedPairs,
  type SegmentErrors,
  signFlipP,
} from '../../src/evaluation/matched-pairs.ts';
import { normalTwoSidedP } from '../../src/evaluation/normal-distribution.ts';
import { referenceSlots } from '../../src/evaluation/reference-slots.ts';
import { Random } from '../../src/math/random.ts';
import { bruteForceSignFlipP } from '../reference/sign-flips.ts';

const words = (text: string) => text.split(' ').filter(Boolean);

function segments(reference: string, first: string, second: string): SegmentErrors[] {
  const slots = (hypothesis: string) => referenceSlots(words(reference), words(hypothesis));
  return errorSegments(slots(first), slots(second));
}

/** Segments with these differences, the better system without errors. */
function withDifferences(differences: readonly number[]): SegmentErrors[] {
  return differences.map((difference) => ({
    first: Math.max(0, difference),
    second: Math.max(0, -difference),
  }));
}

describe('errorSegments', () => {
  it('parts segments where two words in a row are right in both', () => {
    expect(segments('a b c d e f', 'x b c d e y', 'a b c d e f')).toEqual([
      { first: 1, second: 0 },
      { first: 1, second: 0 },
    ]);
  });

  it('keeps errors together that only one right word lies between', () => {
    expect(segments('a b c d', 'x b y d', 'a b c d')).toEqual([{ first: 2, second: 0 }]);
  });

  it('parts nothing where the two words are right in one system alone', () => {
    expect(segments('a b c d', 'x b c y', 'a z c d')).toEqual([{ first: 2, second: 1 }]);
  });

  it('does not take two words for a boundary that something is inserted between', () => {
    expect(segments('a b c d', 'x b q c y', 'a b c d')).toEqual([{ first: 3, second: 0 }]);
    expect(segments('a b c d e f', 'x b q c d y f', 'a b c d e f')).toEqual([
      { first: 2, second: 0 },
      { first: 1, second: 0 },
    ]);
  });

  it('counts insertions before the first word, after the last, and where nothing was said', () => {
    expect(segments('a b', 'q a b', 'a b r s')).toEqual([
      { first: 1, second: 0 },
      { first: 0, second: 2 },
    ]);
    expect(segments('', 'q', '')).toEqual([{ first: 1, second: 0 }]);
  });

  it('has no segment where both are right, and one where both err in the same way', () => {
    expect(segments('a b c', 'a b c', 'a b c')).toEqual([]);
    expect(segments('a b c', 'a c', 'a c')).toEqual([{ first: 1, second: 1 }]);
  });

  it('holds every error of both, whatever the texts', () => {
    const random = new Random(3);
    const text = () => Array.from({ length: random.integer(9) }, () => random.pick(words('a b c')));
    for (let trial = 0; trial < 200; trial++) {
      const [reference, one, other] = [text(), text(), text()];
      const [first, second] = [one, other].map((text) => referenceSlots(reference, text));
      const errors = (slots: typeof first) =>
        slots!.inserted.flat().length +
        slots!.recognised.filter((word, position) => word !== reference[position]).length;
      const found = errorSegments(first!, second!);
      const total = (side: 'first' | 'second') =>
        found.reduce((sum, segment) => sum + segment[side], 0);
      expect([total('first'), total('second')]).toEqual([errors(first), errors(second)]);
      expect(found.every(({ first, second }) => first + second > 0)).toBe(true);
    }
  });
});

describe('matchedPairs', () => {
  it('gives the z of a hand-computed case', () => {
    // 40 differences of 1, 20 of −1 and 4 of 0: mean 20/64, Σ(d − mean)² = 60 − 400/64 = 53.75.
    const differences = [...Array(40).fill(1), ...Array(20).fill(-1), ...Array(4).fill(0)];
    const test = matchedPairs(withDifferences(differences));
    const standardError = Math.sqrt(53.75 / 63 / 64);
    expect(test).toMatchObject({ segments: 64, meanDifference: 0.3125, method: 'normal' });
    expect(test.standardError).toBeCloseTo(standardError, 15);
    expect(test.z).toBeCloseTo(2.706581, 6);
    expect(test.p).toBeCloseTo(0.006798, 6);
  });

  it('counts p out where there are few segments: 5 of 6 in favour are no proof', () => {
    // Σ = 4: |Σ ±1| ≥ 4 for six or five equal signs, 2 (1 + 6) of 64 ways.
    const test = matchedPairs(withDifferences([1, 1, 1, 1, 1, -1]));
    expect(test).toMatchObject({ segments: 6, method: 'exact', p: 14 / 64 });
    expect(test.z).toBeCloseTo(2, 12);
  });

  it('is the same the other way round, but for the sign', () => {
    const random = new Random(8);
    for (const count of [7, 90]) {
      const differences = Array.from({ length: count }, () => random.integer(5) - 1);
      const [one, other] = [1, -1].map((sign) =>
        matchedPairs(withDifferences(differences.map((difference) => sign * difference))),
      );
      expect(other!.p).toBe(one!.p);
      expect(other!.z).toBeCloseTo(-one!.z, 12);
      expect(other!.standardError).toBeCloseTo(one!.standardError, 12);
    }
  });

  it('knows of no difference without segments and without differences', () => {
    expect(matchedPairs([])).toMatchObject({ segments: 0, z: 0, p: 1 });
    const equal = matchedPairs(Array(60).fill({ first: 2, second: 2 }));
    expect(equal).toMatchObject({ segments: 60, z: 0, standardError: 0, p: 1 });
  });

  it('counts p out where the difference never varies and z is infinite', () => {
    expect(matchedPairs(withDifferences([2]))).toMatchObject({ z: Infinity, p: 1 });
    const always = matchedPairs(withDifferences(Array(60).fill(-1)));
    expect(always).toMatchObject({ z: -Infinity, method: 'exact', p: 2 ** -59 });
  });

  it('has a normal p near the exact one once it is used', () => {
    const random = new Random(4);
    for (let trial = 0; trial < 20; trial++) {
      const differences = Array.from({ length: 200 }, () => random.integer(5) - 2);
      const { p } = matchedPairs(withDifferences(differences));
      // |Σ| moves in steps of 2 between sign flips: the normal curve is read half a step further in.
      const sum = Math.abs(differences.reduce((total, difference) => total + difference, 0));
      const deviation = Math.sqrt(differences.reduce((total, d) => total + d * d, 0));
      const corrected = normalTwoSidedP(Math.max(0, sum - 1) / deviation);
      expect(Math.abs(signFlipP(differences) - corrected)).toBeLessThan(0.003);
      expect(Math.abs(p - normalTwoSidedP(sum / deviation))).toBeLessThan(0.01);
    }
  });
});

describe('signFlipP', () => {
  it('equals every choice of signs, tried one by one', () => {
    const random = new Random(6);
    for (let trial = 0; trial < 200; trial++) {
      const differences = Array.from({ length: random.integer(11) }, () => random.integer(7) - 3);
      expect(signFlipP(differences)).toBe(bruteForceSignFlipP(differences));
    }
  });

  it('refuses differences that are not whole', () => {
    expect(() => signFlipP([1, 0.5])).toThrow('[signFlipP] expected whole differences, got 0.5');
  });
});

describe('errorSegments and matchedPairs', () => {
  /** 120 texts of digits, and what two systems with these error rates make of them. */
  function systems(seed: number, errorRates: readonly [number, number]): SegmentErrors[] {
    const digits = words('zero oh one two three four five six seven eight nine');
    const random = new Random(seed);
    return Array.from({ length: 120 }).flatMap(() => {
      const length = 3 + random.integer(12);
      const reference = Array.from({ length }, () => random.pick(digits));
      const [first, second] = errorRates.map((rate) =>
        reference.flatMap((word) => {
          const chance = random.next();
          if (chance < rate / 3) return [];
          if (chance < (2 * rate) / 3) return [random.pick(digits)];
          return chance < rate ? [word, random.pick(digits)] : [word];
        }),
      );
      return errorSegments(referenceSlots(reference, first!), referenceSlots(reference, second!));
    });
  }

  // From NIST's sctk 2.4.10: `sclite -r ref.trn trn -h system.trn trn -i spu_id -o sgml` for each system
  // and `sc_stats -p -t mapsswe -u`, which cuts z off behind two digits before it looks p up.
  it.each([
    [3, 0.509],
    [4, 0.066],
    [5, 0.944],
    [6, 0.142],
    [7, 0.222],
    [8, 0.144],
  ])('find what sctk finds on the same texts (seed %i: p = %d)', (seed, p) => {
    const test = matchedPairs(systems(seed, [0.1, 0.12]));
    const cutOff = Math.trunc(100 * test.z) / 100;
    expect(normalTwoSidedP(cutOff)).toBeCloseTo(p, 3);
  });
});
