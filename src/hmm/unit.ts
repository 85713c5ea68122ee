import { z } from 'zod';

const probability = z.number().min(0).max(1);
const state = z.int().nonnegative();

/** How far from one probabilities may sum that went through a file. */
const sumTolerance = 1e-4;

/**
 * One unit's model: a small chain of states. Left-to-right with or without skips, or ergodic. What leaves
 * a state, `final` included, sums to one.
 */
export const unitSchema = z
  .strictObject({
    /** Column of the emission matrix for each state; two states may share one. */
    emissions: z.array(state).min(1).max(1024),
    /** Probability of entering the unit at each state. */
    initial: z.array(probability),
    /** `[from, to, probability]`, self-loops included. */
    arcs: z.array(z.tuple([state, state, probability])),
    /** Probability of leaving the unit after each state. */
    final: z.array(probability),
  })
  .superRefine((unit, context) => {
    for (const { path, message } of unitFaults(unit)) {
      context.addIssue({ code: 'custom', path, message });
    }
  });
export type UnitDefinition = z.infer<typeof unitSchema>;

type Fault = { readonly path: (string | number)[]; readonly message: string };

function* unitFaults({ emissions, initial, arcs, final }: UnitDefinition): Generator<Fault> {
  const states = emissions.length;
  for (const [field, probs] of Object.entries({ initial, final })) {
    if (probs.length !== states) {
      const message = `expected a probability for each of ${states} states, got ${probs.length}`;
      yield { path: [field], message };
    }
  }
  const entering = initial.reduce((sum, prob) => sum + prob, 0);
  if (!isOne(entering)) {
    yield { path: ['initial'], message: `expected probabilities that sum to 1, got ${entering}` };
  }
  const leaving = Array.from({ length: states }, (_, from) => final[from] ?? 0);
  const seen = new Set<string>();
  for (const [index, [from, to, prob]] of arcs.entries()) {
    const path = ['arcs', index];
    if (from >= states || to >= states) {
      yield { path, message: `expected states in [0, ${states}), got ${from} → ${to}` };
      continue;
    }
    if (seen.has(`${from} ${to}`)) {
      yield {
        path,
        message: `expected one arc from a state to another, got ${from} → ${to} again`,
      };
    }
    seen.add(`${from} ${to}`);
    leaving[from]! += prob;
  }
  for (const [from, sum] of leaving.entries()) {
    if (isOne(sum)) continue;
    const message = `expected what leaves state ${from}, final included, to sum to 1, got ${sum}`;
    yield { path: ['arcs'], message };
  }
  if (!final.some((prob) => prob > 0)) {
    yield { path: ['final'], message: 'expected a state after which the unit can end, got none' };
  }
}

function isOne(sum: number): boolean {
  return Math.abs(sum - 1) <= sumTolerance;
}
