import type { UnitDefinition } from './definition.ts';

/**
 * A unit whose states come one after another: each lasts for a frame or more, then the next follows, or,
 * where skips are allowed, the one after that (Bakis; Rabiner 1989, section IV.B). With skips the first
 * state and the last one may be left out too, so that n > 1 states last for ⌊n / 2⌋ frames or more.
 *
 * @param emissions column of the emission matrix for each state
 * @param stay probability of one more frame in a state
 * @param skip probability of leaving out the next state
 *
 * Throws `RangeError` unless there is a state, probabilities are in [0, 1] and one can leave a state.
 */
export function leftToRightUnit(
  emissions: readonly number[],
  { stay, skip = 0 }: { readonly stay: number; readonly skip?: number },
): UnitDefinition {
  const states = emissions.length;
  check('leftToRightUnit', states, { stay, skip });
  if (stay + skip > 1 || stay === 1) {
    throw new RangeError(
      `[leftToRightUnit] expected stay below 1 and stay + skip of at most 1, got ${stay} and ${skip}`,
    );
  }
  const arcs: [number, number, number][] = [];
  const final = emissions.map(() => 0);
  const next = 1 - stay - skip;
  for (let i = 0; i < states; i++) {
    arcs.push([i, i, stay]);
    if (i + 1 < states) arcs.push([i, i + 1, next]);
    if (i + 2 < states) arcs.push([i, i + 2, skip]);
  }
  // Beyond the last state is the way out: one step from it, a skip from the state before it.
  if (states > 1) final[states - 2] = skip;
  final[states - 1] = 1 - stay;
  const initial = emissions.map(() => 0);
  initial[0] = states > 1 ? 1 - skip : 1;
  if (states > 1) initial[1] = skip;
  return { emissions: [...emissions], initial, arcs, final };
}

/**
 * A unit that begins in any of its states and goes from any to any other, all as likely.
 *
 * @param emissions column of the emission matrix for each state
 * @param stay probability of one more frame in a state
 * @param leave probability of leaving the unit after a frame
 *
 * Throws `RangeError` unless there is a state and the probabilities are in [0, 1], together at most 1.
 */
export function ergodicUnit(
  emissions: readonly number[],
  { stay, leave }: { readonly stay: number; readonly leave: number },
): UnitDefinition {
  const states = emissions.length;
  check('ergodicUnit', states, { stay, leave });
  if (stay + leave > 1) {
    throw new RangeError(
      `[ergodicUnit] expected stay + leave of at most 1, got ${stay} and ${leave}`,
    );
  }
  // A state without others gives their share to itself.
  const alone = states === 1;
  const change = alone ? 0 : (1 - stay - leave) / (states - 1);
  const arcs = emissions.flatMap((_, i) =>
    emissions.map((_, j): [number, number, number] => {
      if (i !== j) return [i, j, change];
      return [i, j, alone ? 1 - leave : stay];
    }),
  );
  return {
    emissions: [...emissions],
    initial: emissions.map(() => 1 / states),
    arcs,
    final: emissions.map(() => leave),
  };
}

function check(name: string, states: number, probs: Readonly<Record<string, number>>): void {
  if (states === 0) throw new RangeError(`[${name}] expected at least one state, got none`);
  for (const [which, prob] of Object.entries(probs)) {
    if (!(prob >= 0 && prob <= 1)) {
      throw new RangeError(`[${name}] expected ${which} in [0, 1], got ${prob}`);
    }
  }
}
