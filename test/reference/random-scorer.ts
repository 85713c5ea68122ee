import {
  type GainBounds,
  type LabelScorer,
  mostFavoured,
  scorePartCount,
} from '../../src/language/scorers.ts';
import type { Random } from '../../src/math/random.ts';

/**
 * A scorer that makes no sense but keeps its contract: from each of a few states a label leads to some state or
 * nowhere, and is worth whatever chance gave it; some states are no place to end. Of some it says what labels
 * gain at most, exactly or with room. Of at most eight labels.
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
  const bounds = nexts.map((after): GainBounds => {
    if (random.chance(0.3)) return { most: Infinity, usual: Infinity, favoured: [] };
    const gains = after.map(({ state, worths: worth }) =>
      state < 0 ? -Infinity : worth.reduce((sum, part) => sum + part, 0),
    );
    const favoured = gains.flatMap((_, label) => (random.chance(0.3) ? [label] : []));
    const others = gains.filter((_, label) => !favoured.includes(label));
    const room = () => (random.chance(0.5) ? 0 : random.next());
    return {
      most: Math.max(...gains) + room(),
      usual: Math.max(...others) + room(),
      favoured: favoured.slice(0, mostFavoured),
    };
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
    gainBounds: (state) => bounds[state]!,
  };
}
