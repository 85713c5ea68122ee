import { logAdd } from '../math/log-space.ts';
import type { DecodingNetwork } from './decoding-network.ts';
import { labelOfArc, type OutgoingArcs, outgoingArcs } from './lattice-arcs.ts';
import type { WordLattice } from './word-lattice.ts';

/** Sequences are followed no further where they are less likely than this. */
const negligible = 1e-20;

/** Arcs, or records with the arcs out of them, from one call of the checkpoint to the next. */
const checkpointArcs = 65_536;
const checkpointRecords = 4096;

/**
 * How probable what a lattice holds is, all its paths together (Wessel, Schlüter, Macherey & Ney 2001,
 * "Confidence measures for large vocabulary continuous speech recognition"). Every score is multiplied by
 * a scale first, since frames are not as independent as an HMM takes them for.
 *
 * The lattice becomes a random walk whose paths have the probabilities of the lattice's: from a record it
 * takes an arc with probability `step`, or ends.
 */
export class LatticePosteriors {
  private readonly lattice: WordLattice;
  private readonly network: DecodingNetwork;
  private readonly outgoing: OutgoingArcs;
  private readonly checkpoint: () => void;
  /** arcs; probability that the walk takes the arc from its record; 0 where no end can be reached */
  private readonly step: Float64Array;
  /** probability that the walk ends in a record */
  private readonly ending: ReadonlyMap<number, number>;
  /** arcs; probability that the walk takes the arc */
  private readonly posterior: Float64Array;
  private readonly occupancies = new Map<number, Float64Array>();

  /**
   * @param lattice with at least one final record
   * @param checkpoint called again and again, by what is asked later too; it stops the work by throwing
   */
  constructor(
    lattice: WordLattice,
    network: DecodingNetwork,
    scale: number,
    checkpoint: () => void = () => {},
  ) {
    this.checkpoint = checkpoint;
    this.lattice = lattice;
    this.network = network;
    this.outgoing = outgoingArcs(lattice);
    const { records, arcs, arcFrom, arcTo, arcScore, finals } = lattice;
    // records; ln of the sum over all ways from a record to an end
    const logBackward = new Float64Array(records).fill(-Infinity);
    for (const { record, logFinal } of finals) logBackward[record] = scale * logFinal;
    for (let arc = arcs - 1; arc >= 0; arc--) {
      if (arc % checkpointArcs === 0) checkpoint();
      const logSum = scale * arcScore[arc]! + logBackward[arcTo[arc]!]!;
      logBackward[arcFrom[arc]!] = logAdd(logBackward[arcFrom[arc]!]!, logSum);
    }
    const visits = new Float64Array(records);
    visits[0] = 1;
    this.step = new Float64Array(arcs);
    this.posterior = new Float64Array(arcs);
    for (let arc = 0; arc < arcs; arc++) {
      if (arc % checkpointArcs === 0) checkpoint();
      const from = arcFrom[arc]!;
      const to = arcTo[arc]!;
      if (logBackward[to] === -Infinity) continue;
      const step = Math.exp(scale * arcScore[arc]! + logBackward[to]! - logBackward[from]!);
      this.step[arc] = step;
      this.posterior[arc] = visits[from]! * step;
      visits[to]! += this.posterior[arc]!;
    }
    this.ending = new Map(
      finals.map(({ record, logFinal }) => [
        record,
        Math.exp(scale * logFinal - logBackward[record]!),
      ]),
    );
  }

  /**
   * The probability that a word is being said, at the frame of [firstFrame, endFrame) where it is largest:
   * Wessel et al.'s C_max (section III). Sounds that overlap in a frame exclude one another, so that it
   * is a probability as it stands.
   */
  confidenceOf(label: number, firstFrame: number, endFrame: number): number {
    const occupancy = this.occupancyOf(label);
    let largest = 0;
    for (let t = firstFrame; t < endFrame; t++) largest = Math.max(largest, occupancy[t]!);
    return Math.min(1, largest);
  }

  /** The probability of a sequence of words, all ways of saying it together; too low by 1e-20 a way or so. */
  probabilityOf(labels: readonly number[]): number {
    const { lattice, network, outgoing, step } = this;
    // records; probability of being there after the words so far, and after one more
    let here = new Float64Array(lattice.records);
    let after = new Float64Array(lattice.records);
    here[0] = 1;
    let low = 0;
    let high = 0;
    let total = 0;
    let visited = 0;
    for (let spoken = 0; spoken <= labels.length; spoken++) {
      let lowAfter = lattice.records;
      let highAfter = -1;
      for (let record = low; record <= high; record++) {
        const prob = here[record]!;
        if (prob === 0) continue;
        if (++visited % checkpointRecords === 0) this.checkpoint();
        here[record] = 0;
        if (spoken === labels.length) total += prob * (this.ending.get(record) ?? 0);
        for (let place = outgoing.start[record]!; place < outgoing.start[record + 1]!; place++) {
          const arc = outgoing.order[place]!;
          const reached = prob * step[arc]!;
          if (reached < negligible) continue;
          const label = labelOfArc(lattice, network, arc);
          const to = lattice.arcTo[arc]!;
          if (label < 0) {
            here[to]! += reached;
            high = Math.max(high, to);
          } else if (label === labels[spoken]) {
            after[to]! += reached;
            lowAfter = Math.min(lowAfter, to);
            highAfter = Math.max(highAfter, to);
          }
        }
      }
      [here, after] = [after, here];
      [low, high] = [lowAfter, highAfter];
    }
    return Math.min(1, total);
  }

  /** frames; the probability that the word is being said */
  private occupancyOf(label: number): Float64Array {
    const known = this.occupancies.get(label);
    if (known !== undefined) return known;
    this.checkpoint();
    const { lattice, network, posterior } = this;
    const { frames, arcs, arcFrom, arcTo, recordFrame } = lattice;
    const occupancy = new Float64Array(frames + 1);
    for (let arc = 0; arc < arcs; arc++) {
      if (labelOfArc(lattice, network, arc) !== label) continue;
      occupancy[recordFrame[arcFrom[arc]!]!]! += posterior[arc]!;
      occupancy[recordFrame[arcTo[arc]!]!]! -= posterior[arc]!;
    }
    for (let t = 0; t < frames; t++) occupancy[t + 1]! += occupancy[t]!;
    this.occupancies.set(label, occupancy);
    return occupancy;
  }
}
