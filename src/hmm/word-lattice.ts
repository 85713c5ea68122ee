/** How many arcs a lattice may have: some 200 MB, and a hundred arcs a frame in ten minutes of audio. */
const mostArcs = 8_000_000;

/**
 * All that token passing found worth keeping, as a graph in time. A *record* is a node of the decoding
 * network reached after some frames; an *arc* from one record to a later one is a sound heard between them,
 * or a silent arc between two of one frame. Records and arcs are in an order in which every arc into a
 * record comes before every arc out of it.
 *
 * What it leaves out: a sound that ends in a frame has one arc, from the record where the best path into
 * that end began it. Whatever came before that record, then, the sound began there: the best path is
 * exact, other paths may be scored a little too low.
 */
export class WordLattice {
  readonly frames: number;
  /** Whether it came to hold `mostArcs`, and the search was given up. */
  isFull = false;

  records = 0;
  /** records; how many frames came before */
  recordFrame: Int32Array;
  /** records; node of the decoding network */
  recordNode: Int32Array;
  /** records; ln score of the best path from the start */
  recordScore: Float64Array;
  /** records; the last arc of that path, −1 at the start */
  recordBestArc: Int32Array;

  arcs = 0;
  /** arcs; records */
  arcFrom: Int32Array;
  arcTo: Int32Array;
  /** arcs; the instance heard, or for a silent arc −1 less its index in the network: ~index */
  arcInstance: Int32Array;
  /** arcs; ln score of the arc alone: emissions, transitions, weight and penalty */
  arcScore: Float64Array;

  /** Records after the last frame where the graph may end, and the ln weights of doing so. */
  readonly finals: { readonly record: number; readonly logFinal: number }[] = [];

  /** @param frames of the recording */
  constructor(frames: number) {
    this.frames = frames;
    const records = frames + 16;
    this.recordFrame = new Int32Array(records);
    this.recordNode = new Int32Array(records);
    this.recordScore = new Float64Array(records);
    this.recordBestArc = new Int32Array(records);
    const arcs = 8 * records;
    this.arcFrom = new Int32Array(arcs);
    this.arcTo = new Int32Array(arcs);
    this.arcInstance = new Int32Array(arcs);
    this.arcScore = new Float64Array(arcs);
  }

  /** Adds a record that no arc leads to yet. */
  addRecord(frame: number, node: number, score: number): number {
    const record = this.records++;
    if (record === this.recordFrame.length) {
      this.recordFrame = doubled(this.recordFrame, Int32Array);
      this.recordNode = doubled(this.recordNode, Int32Array);
      this.recordScore = doubled(this.recordScore, Float64Array);
      this.recordBestArc = doubled(this.recordBestArc, Int32Array);
    }
    this.recordFrame[record] = frame;
    this.recordNode[record] = node;
    this.recordScore[record] = score;
    this.recordBestArc[record] = -1;
    return record;
  }

  /**
   * @param total ln score of the best path that ends with this arc; the first arc with the total of its
   *   record is the record's best
   */
  addArc(from: number, to: number, instance: number, total: number): void {
    const arc = this.arcs++;
    if (this.arcs === mostArcs) this.isFull = true;
    if (arc === this.arcFrom.length) {
      this.arcFrom = doubled(this.arcFrom, Int32Array);
      this.arcTo = doubled(this.arcTo, Int32Array);
      this.arcInstance = doubled(this.arcInstance, Int32Array);
      this.arcScore = doubled(this.arcScore, Float64Array);
    }
    this.arcFrom[arc] = from;
    this.arcTo[arc] = to;
    this.arcInstance[arc] = instance;
    this.arcScore[arc] = total - this.recordScore[from]!;
    if (total === this.recordScore[to] && this.recordBestArc[to] === -1) {
      this.recordBestArc[to] = arc;
    }
  }
}

function doubled<Numbers extends Int32Array | Float64Array>(
  numbers: Numbers,
  kind: new (length: number) => Numbers,
): Numbers {
  const longer = new kind(2 * numbers.length);
  longer.set(numbers);
  return longer;
}
