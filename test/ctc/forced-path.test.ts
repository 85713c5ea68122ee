import { describe, expect, it } from 'vitest';
import { type ForcedPath, forcedPath, pathLogProb } from '../../src/ctc/forced-path.ts';
import { Random } from '../../src/math/random.ts';
import { type LabellingPath, labellingPaths } from '../reference/ctc-alignment.ts';
import { emissionsOf, inShorthand, randomProbs, spelt, words } from './emissions.ts';

const labellings = [[], [2], [2, 3], [2, 2], [3, 2, 2], [2, 3, 2, 3], [3, 3, 3]];
const alike = (path: ForcedPath, { spans }: LabellingPath) =>
  spans.every(
    ({ firstFrame, endFrame }, i) =>
      path.firstFrames[i] === firstFrame && path.endFrames[i] === endFrame,
  );

describe('the likeliest path through a labelling', () => {
  it.each([
    ['the blank alone', [0]],
    ['the filler too', [0, 1]],
  ])('is the best of all paths spelt out, where %s is silent', (_, silent) => {
    const random = new Random(41);
    let found = 0;
    for (let trial = 0; trial < 150; trial++) {
      const probs = randomProbs(random, random.integer(7), 4);
      const labelling = labellings[trial % labellings.length]!;
      const paths = labellingPaths(probs, { inside: silent, outside: silent }, labelling);
      const emissions =
        probs.length > 0
          ? emissionsOf(probs)
          : { frames: 0, units: 4, logProbs: new Float32Array(0) };
      const path = forcedPath(emissions, silent, Int32Array.from(labelling));
      if (probs.length === 0) expect(path === undefined).toBe(labelling.length > 0);
      else if (paths.length === 0) expect(path).toBeUndefined();
      else {
        found++;
        const best = Math.max(...paths.map(({ prob }) => prob));
        expect(path!.logProb).toBeCloseTo(Math.log(best), 5);
        const equals = paths.filter(({ prob }) => prob > best * (1 - 1e-9));
        expect(equals.some((equal) => alike(path!, equal))).toBe(true);
      }
    }
    expect(found).toBeGreaterThan(70);
  });

  it('puts a blank between equal labels, even where it is unlikely', () => {
    const emissions = spelt(inShorthand(words, '111'), 4, 5);
    const path = forcedPath(emissions, [0, 1], Int32Array.of(2, 2))!;
    expect([...path.firstFrames]).toEqual([0, 2]);
    expect([...path.endFrames]).toEqual([1, 3]);
    expect(forcedPath(emissions, [0, 1], Int32Array.of(2, 2, 2))).toBeUndefined();
  });

  it('is none where a label that has to be there is impossible', () => {
    const emissions = emissionsOf([
      [0.5, 0.2, 0.3, 0],
      [0.5, 0.2, 0.3, 0],
    ]);
    expect(forcedPath(emissions, [0, 1], Int32Array.of(3))).toBeUndefined();
    expect(forcedPath(emissions, [0, 1], Int32Array.of(2))).toBeDefined();
  });

  it('has parts that add up to it', () => {
    const random = new Random(42);
    const labelling = Int32Array.of(2, 3, 3, 2);
    const silent = [0, 1];
    for (let trial = 0; trial < 20; trial++) {
      const emissions = emissionsOf(randomProbs(random, 12, 4));
      const path = forcedPath(emissions, silent, labelling)!;
      const { firstFrames, endFrames, logProb } = path;
      const silence = (from: number, to: number) => {
        let sum = 0;
        for (let t = from; t < to; t++) {
          sum += Math.max(...silent.map((k) => emissions.logProbs[4 * t + k]!));
        }
        return sum;
      };
      const part = (firstLabel: number, endLabel: number) =>
        pathLogProb(emissions, silent, labelling, path, { firstLabel, endLabel });
      const edges = silence(0, firstFrames[0]!) + silence(endFrames[3]!, 12);
      expect(part(0, 4) + edges).toBeCloseTo(logProb, 9);
      const gap = silence(endFrames[1]!, firstFrames[2]!);
      expect(part(0, 2) + gap + part(2, 4)).toBeCloseTo(part(0, 4), 9);
    }
  });

  it('asks now and then whether anyone still waits', () => {
    const emissions = spelt(Array<number>(2000).fill(0), 4, 5);
    let checks = 0;
    const checkpoint = () => {
      if (++checks === 3) throw new Error('enough');
    };
    expect(() => forcedPath(emissions, [0], Int32Array.of(2), checkpoint)).toThrow('enough');
  });
});
