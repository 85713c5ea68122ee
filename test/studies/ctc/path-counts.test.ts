import { describe, expect, it } from 'vitest';
import {
  framesALabel,
  pathCount,
  pathCountByLoss,
  pathCountsByEnumeration,
  repeatsIn,
} from '../../../src/studies/ctc/path-counts.ts';
import { collapse, pathsOver } from '../../reference/ctc-enumeration.ts';

const textOf = (key: string) => (key === '' ? [] : key.split(',').map(Number));

describe('the paths that spell a text', () => {
  it('are three of two frames for one label: aa, a-, -a', () => {
    expect(pathCount(2, 1, 0)).toBe(3n);
  });

  it('need a frame more for each label that is said twice', () => {
    expect(pathCount(2, 2, 0)).toBe(1n);
    expect(pathCount(2, 2, 1)).toBe(0n);
    expect(pathCount(3, 2, 1)).toBe(1n);
  });

  it.each([
    [1, 1],
    [5, 1],
    [6, 2],
    [5, 3],
  ])(
    'over %i frames and %i labels are counted alike by formula, enumeration and loss',
    (frames, alphabet) => {
      const counts = pathCountsByEnumeration(frames, alphabet);
      const byReference = new Map<string, bigint>();
      for (const path of pathsOver(frames, alphabet + 1)) {
        const key = collapse(path, 0).join();
        byReference.set(key, (byReference.get(key) ?? 0n) + 1n);
      }
      expect(counts).toEqual(byReference);
      for (const [key, count] of counts) {
        const text = textOf(key);
        expect(pathCount(frames, text.length, repeatsIn(text)), key).toBe(count);
        expect(pathCountByLoss(text, frames, alphabet) / Number(count)).toBeCloseTo(1, 10);
      }
    },
  );

  it('are none for a text that does not fit, by the loss too', () => {
    expect(pathCount(3, 3, 1)).toBe(0n);
    expect(pathCountByLoss([1, 1, 2], 3, 2)).toBe(0);
  });

  it('stay exact where doubles do not', () => {
    expect(pathCount(200, 50, 3)).toBe(
      // C(247, 100)
      Array.from({ length: 100 }, (_, i) => BigInt(i + 1)).reduce(
        (product, i) => (product * (147n + i)) / i,
        1n,
      ),
    );
  });
});

it('spends the frames that counting says in a label when all paths are equally likely', () => {
  const [frames, text] = [6, [1, 2, 2]] as const;
  let inLabels = 0;
  let paths = 0;
  for (const path of pathsOver(frames, 3)) {
    if (collapse(path, 0).join() !== text.join()) continue;
    paths++;
    inLabels += path.filter((label) => label !== 0).length;
  }
  expect(framesALabel(frames, 3, 1)).toBeCloseTo(inLabels / paths / 3, 12);
});
