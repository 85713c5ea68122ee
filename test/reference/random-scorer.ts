import { type LabelScorer, scorePartCount } from '../../src/language/scorers.ts';
import type { Random } from '../../src/math/random.ts';

/**
 * A scorer that makes no sense but keeps its contract: from each of a few states a label leads to some state or
 * nowhere, and is worth whatever chance gave it; some states are no place to end. Of some it says what they
 * gain at most, exactly or with room.
 */
export function randomScorer(random: Random, labels: number, states: number): LabelScorer {
  const worths = () => Array.from({ length: scorePartCount }, () => random.gaussian());
  const nexts = Array.from({ length: states }, () =>
    Array.from({ length: labels }, () => ({
      state: random.chance(0.2) ? -1 : random.integer(states),
      worths: worths(),
    })),
  );
  const ends = Array.from({ length: states }, () =>
    worths().map((worth) => (random.chance(0.1) ? -Infinity : worth)),
  );
  const bounds = nexts.map((after) => {
    if (random.chance(0.3)) return Infinity;
    const gains = after
      .filter(({ state }) => state >= 0)
      .map(({ worths: worth }) => worth.reduce((sum, part) => sum + part, 0));
    return Math.max(...gains) + (random.chance(0.5) ? 0 : random.next());
  });
  const parts = new Float64Array(scorePartCount);
  return {
    start: 0,
    parts,
    next(state, label) {
      const { state: after, worths: worth } = nexts[state]![label]!;
      parts.set(worth);
      return after;
    },
    end(state) {
      parts.set(ends[state]!);
    },
    mostGain: (state) => bounds[state]!,
  };
}
