import type { DecodingNetwork } from './decoding-network.ts';
import type { WordLattice } from './word-lattice.ts';

/** The arcs of a lattice by the record that they lead from. */
export type OutgoingArcs = {
  /** records + 1; the arcs out of record r are `order[start[r]]` up to `order[start[r + 1]]` */
  readonly start: Int32Array;
  readonly order: Int32Array;
};

export function outgoingArcs({ records, arcs, arcFrom }: WordLattice): OutgoingArcs {
  const start = new Int32Array(records + 1);
  for (let arc = 0; arc < arcs; arc++) start[arcFrom[arc]! + 1]!++;
  for (let record = 0; record < records; record++) start[record + 1]! += start[record]!;
  const next = start.slice(0, records);
  const order = new Int32Array(arcs);
  for (let arc = 0; arc < arcs; arc++) order[next[arcFrom[arc]!]!++] = arc;
  return { start, order };
}

/** Index of the word of an arc in the network's labels; −1 for what prints nothing. */
export function labelOfArc(lattice: WordLattice, network: DecodingNetwork, arc: number): number {
  const instance = lattice.arcInstance[arc]!;
  return instance < 0 ? -1 : network.instanceLabel[instance]!;
}
