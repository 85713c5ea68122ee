import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import type { DecodingNetwork } from './decoding-network.ts';
import { WordLattice } from './word-lattice.ts';

const { NEGATIVE_INFINITY } = Number;

/** Frames from one call of a search's checkpoint to the next. */
const checkpointFrames = 256;

/**
 * Token passing (Young, Russell & Thornton 1989) with a beam over a decoding network: in every frame each
 * state that is alive holds one token, the score of the best path into it and the record where that path
 * began the sound that it is in. Tokens further than the beam below the best of their frame are dropped;
 * a lattice keeps every way a sound ended within the beam.
 *
 * Of tokens equally good the one that came first stays: the result depends on the network, the emissions
 * and the beam alone. What is kept between searches is memory, not contents.
 */
export class TokenPassing {
  private readonly network: DecodingNetwork;
  /** states; of the frame at hand and of the one before; −∞ and no meaning where no token is */
  private scores: Float64Array;
  private nextScores: Float64Array;
  /** states; the record where the token's sound began */
  private origins: Int32Array;
  private nextOrigins: Int32Array;
  /** The states with a token, in the order in which they got it. */
  private active: Int32Array;
  private nextActive: Int32Array;
  private activeCount = 0;
  private nextCount = 0;
  /** instances; best exit in the frame at hand, −∞ elsewhere */
  private readonly exitScores: Float64Array;
  private readonly exitOrigins: Int32Array;
  /** The instances with an exit in the frame at hand. */
  private readonly ended: Int32Array;
  private endedCount = 0;
  /** nodes; best score in the frame at hand, −∞ elsewhere, and the record of it */
  private readonly nodeScores: Float64Array;
  private readonly nodeRecords: Int32Array;
  /** Least score that a token of the frame at hand may have. */
  private threshold = NEGATIVE_INFINITY;

  constructor(network: DecodingNetwork) {
    const { states, instances, nodes } = network;
    this.network = network;
    this.scores = new Float64Array(states);
    this.nextScores = new Float64Array(states);
    this.origins = new Int32Array(states);
    this.nextOrigins = new Int32Array(states);
    this.active = new Int32Array(states);
    this.nextActive = new Int32Array(states);
    this.exitScores = new Float64Array(instances);
    this.exitOrigins = new Int32Array(instances);
    this.ended = new Int32Array(instances);
    this.nodeScores = new Float64Array(nodes);
    this.nodeRecords = new Int32Array(nodes);
  }

  /**
   * @param emissions frames × the network's columns, without NaN and +∞
   * @param beam nats; +∞ keeps every token
   * @param checkpoint called again and again; it stops the search by throwing
   * @returns a lattice without finals where nothing can end, or nothing within the beam, or where the lattice
   *   became full before the last frame
   */
  search(emissions: EmissionMatrix, beam: number, checkpoint: () => void = () => {}): WordLattice {
    const { network } = this;
    const { frames } = emissions;
    const lattice = new WordLattice(frames);
    this.scores.fill(NEGATIVE_INFINITY);
    this.nextScores.fill(NEGATIVE_INFINITY);
    this.exitScores.fill(NEGATIVE_INFINITY);
    this.nodeScores.fill(NEGATIVE_INFINITY);
    this.activeCount = 0;
    this.endedCount = 0;
    this.threshold = NEGATIVE_INFINITY;

    this.nodeScores[network.start] = 0;
    let firstRecord = this.keepEnds(lattice, 0, network.start, network.start);
    for (let t = 0; t < frames; t++) {
      if (lattice.isFull) return lattice;
      if (t % checkpointFrames === checkpointFrames - 1) checkpoint();
      this.nextCount = 0;
      this.moveInside();
      this.enterFrom(lattice, firstRecord);
      this.swap();
      this.emit(emissions, t, beam);
      firstRecord = this.endSounds(lattice, t + 1);
    }
    for (let record = firstRecord; record < lattice.records; record++) {
      const logFinal = network.logFinal[lattice.recordNode[record]!]!;
      if (logFinal > NEGATIVE_INFINITY) lattice.finals.push({ record, logFinal });
    }
    return lattice;
  }

  /**
   * A search that does not lose the only way to the beam: a beam in which nothing ends is made four times as
   * wide, and then goes; one that fills the lattice is made a fourth, and then a sixteenth.
   */
  searchToEnd(emissions: EmissionMatrix, beam: number, checkpoint?: () => void): WordLattice {
    let lattice = this.search(emissions, beam, checkpoint);
    for (const factor of lattice.isFull ? [1 / 4, 1 / 16] : [4, Infinity]) {
      if (lattice.finals.length > 0 || (factor > 1 && lattice.isFull)) break;
      lattice = this.search(emissions, factor * beam, checkpoint);
    }
    return lattice;
  }

  /** Passes tokens along the arcs inside of instances and takes them from where they were. */
  private moveInside(): void {
    const { arcStart, arcTarget, arcLogProb } = this.network;
    const { scores, origins, active, activeCount, nextScores, nextOrigins, nextActive } = this;
    let count = this.nextCount;
    for (let index = 0; index < activeCount; index++) {
      const i = active[index]!;
      const score = scores[i]!;
      const origin = origins[i]!;
      scores[i] = NEGATIVE_INFINITY;
      const end = arcStart[i + 1]!;
      for (let arc = arcStart[i]!; arc < end; arc++) {
        const j = arcTarget[arc]!;
        const passed = score + arcLogProb[arc]!;
        const best = nextScores[j]!;
        if (passed > best) {
          if (best === NEGATIVE_INFINITY) nextActive[count++] = j;
          nextScores[j] = passed;
          nextOrigins[j] = origin;
        }
      }
    }
    this.nextCount = count;
  }

  /** Starts the sounds that may follow the records of the frame before. */
  private enterFrom(lattice: WordLattice, firstRecord: number): void {
    const { entryStart, entryState, entryLogProb } = this.network;
    const { nextScores, nextOrigins, nextActive } = this;
    let count = this.nextCount;
    for (let record = firstRecord; record < lattice.records; record++) {
      const score = lattice.recordScore[record]!;
      const node = lattice.recordNode[record]!;
      const end = entryStart[node + 1]!;
      for (let entry = entryStart[node]!; entry < end; entry++) {
        const j = entryState[entry]!;
        const passed = score + entryLogProb[entry]!;
        const best = nextScores[j]!;
        if (passed > best) {
          if (best === NEGATIVE_INFINITY) nextActive[count++] = j;
          nextScores[j] = passed;
          nextOrigins[j] = record;
        }
      }
    }
    this.nextCount = count;
  }

  private swap(): void {
    [this.scores, this.nextScores] = [this.nextScores, this.scores];
    [this.origins, this.nextOrigins] = [this.nextOrigins, this.origins];
    [this.active, this.nextActive] = [this.nextActive, this.active];
    this.activeCount = this.nextCount;
  }

  /** Adds what the states emit the frame with, and drops tokens below the beam. */
  private emit({ units, logProbs }: EmissionMatrix, t: number, beam: number): void {
    const { emission } = this.network;
    const { scores, active, activeCount } = this;
    const row = t * units;
    let best = NEGATIVE_INFINITY;
    for (let index = 0; index < activeCount; index++) {
      const j = active[index]!;
      const score = scores[j]! + logProbs[row + emission[j]!]!;
      scores[j] = score;
      if (score > best) best = score;
    }
    const threshold = best - beam;
    let kept = 0;
    for (let index = 0; index < activeCount; index++) {
      const j = active[index]!;
      if (scores[j]! >= threshold && scores[j]! > NEGATIVE_INFINITY) active[kept++] = j;
      else scores[j] = NEGATIVE_INFINITY;
    }
    this.activeCount = kept;
    this.threshold = threshold;
  }

  /** Ends sounds after the frame, each in its best state, and keeps the records that they lead to. */
  private endSounds(lattice: WordLattice, frame: number): number {
    const { exitLogProb, stateInstance, instanceTarget } = this.network;
    const { scores, origins, active, activeCount, exitScores, exitOrigins, ended } = this;
    const { threshold, nodeScores } = this;
    let count = 0;
    let low = nodeScores.length;
    let high = -1;
    for (let index = 0; index < activeCount; index++) {
      const i = active[index]!;
      const score = scores[i]! + exitLogProb[i]!;
      if (score < threshold || score === NEGATIVE_INFINITY) continue;
      const instance = stateInstance[i]!;
      const best = exitScores[instance]!;
      if (score <= best) continue;
      if (best === NEGATIVE_INFINITY) ended[count++] = instance;
      exitScores[instance] = score;
      exitOrigins[instance] = origins[i]!;
      const node = instanceTarget[instance]!;
      if (score > nodeScores[node]!) nodeScores[node] = score;
      if (node < low) low = node;
      if (node > high) high = node;
    }
    this.endedCount = count;
    return this.keepEnds(lattice, frame, low, high);
  }

  /**
   * Makes records of the nodes from `low` to `high` that have a score and of those that silent arcs lead to
   * from them, and arcs of the sounds that ended; returns the first of the records.
   */
  private keepEnds(lattice: WordLattice, frame: number, low: number, high: number): number {
    const { silentStart, silentTarget, silentWeight, instanceTarget } = this.network;
    const { nodeScores, nodeRecords, ended, endedCount, exitScores, exitOrigins, threshold } = this;
    const firstRecord = lattice.records;
    let last = high;
    for (let node = low; node <= last; node++) {
      const score = nodeScores[node]!;
      if (score === NEGATIVE_INFINITY) continue;
      nodeRecords[node] = lattice.addRecord(frame, node, score);
      nodeScores[node] = NEGATIVE_INFINITY;
      for (let arc = silentStart[node]!; arc < silentStart[node + 1]!; arc++) {
        const passed = score + silentWeight[arc]!;
        const target = silentTarget[arc]!;
        if (passed < threshold) continue;
        if (passed > nodeScores[target]!) nodeScores[target] = passed;
        if (target > last) last = target;
      }
    }
    for (let index = 0; index < endedCount; index++) {
      const instance = ended[index]!;
      const record = nodeRecords[instanceTarget[instance]!]!;
      lattice.addArc(exitOrigins[instance]!, record, instance, exitScores[instance]!);
      exitScores[instance] = NEGATIVE_INFINITY;
    }
    const { records } = lattice;
    for (let record = firstRecord; record < records; record++) {
      const node = lattice.recordNode[record]!;
      for (let arc = silentStart[node]!; arc < silentStart[node + 1]!; arc++) {
        const passed = lattice.recordScore[record]! + silentWeight[arc]!;
        if (passed < threshold) continue;
        lattice.addArc(record, nodeRecords[silentTarget[arc]!]!, ~arc, passed);
      }
    }
    return firstRecord;
  }
}
