import type { Segment } from '../../src/hmm/composite-chain.ts';
import type { UnitDefinition } from '../../src/hmm/definition.ts';
import { chainFromArcs } from '../../src/hmm/markov-chain.ts';
import { enumerateHmm } from './hmm-enumeration.ts';

/**
 * p(frames | segments in a row) by its definition: every choice of skips and alternatives, every way to cut
 * the frames into a part for each unit, every path through a unit.
 *
 * @param logProbs frames × columns
 */
export function likelihoodOfSegments(
  segments: readonly Segment[],
  units: Readonly<Record<string, UnitDefinition>>,
  logProbs: readonly (readonly number[])[],
): number {
  return choices(segments).reduce(
    (sum, { prob, names }) =>
      sum +
      prob *
        likelihoodOfUnits(
          names.map((name) => units[name]!),
          logProbs,
        ),
    0,
  );
}

function choices(segments: readonly Segment[]): { prob: number; names: readonly string[] }[] {
  const [first, ...others] = segments;
  if (first === undefined) return [{ prob: 1, names: [] }];
  const { alternatives, skip } = first;
  const own = [
    { prob: skip, names: [] as readonly string[] },
    ...alternatives.map((names) => ({ prob: (1 - skip) / alternatives.length, names })),
  ];
  return choices(others).flatMap((later) =>
    own.map(({ prob, names }) => ({ prob: prob * later.prob, names: [...names, ...later.names] })),
  );
}

function likelihoodOfUnits(
  units: readonly UnitDefinition[],
  logProbs: readonly (readonly number[])[],
): number {
  const [first, ...others] = units;
  if (first === undefined) return logProbs.length === 0 ? 1 : 0;
  const chain = chainFromArcs(
    Float64Array.from(first.initial),
    Float64Array.from(first.final),
    first.arcs.map(([from, to, prob]) => ({ from, to, prob })),
    Int32Array.from(first.emissions),
  );
  let sum = 0;
  for (let cut = 1; cut <= logProbs.length; cut++) {
    const own = Math.exp(enumerateHmm(chain, logProbs.slice(0, cut)).logLikelihood);
    if (own > 0) sum += own * likelihoodOfUnits(others, logProbs.slice(cut));
  }
  return sum;
}
