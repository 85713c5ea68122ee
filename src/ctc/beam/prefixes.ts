import { nthLargest } from '../../math/selection.ts';

const { NEGATIVE_INFINITY } = Number;

/** What `nodes` says of a prefix that was made in this frame and is in no trie yet. */
export const unborn = -1;

/**
 * Prefixes of one frame side by side: the beam, or the candidates for the next one. Masses are ln of the
 * summed probability of all paths so far that collapse to the prefix.
 */
export class Prefixes {
  count = 0;
  capacity = 64;
  /** In the trie, or `unborn`. */
  nodes = new Int32Array(this.capacity);
  /** The last label; −1 of the empty prefix. */
  labels = new Int32Array(this.capacity);
  /** Of an unborn prefix: where in the beam the prefix is that it makes one label longer. */
  sources = new Int32Array(this.capacity);
  /** Mass of the paths that end in a blank. */
  blankMasses = new Float64Array(this.capacity);
  /** Mass of the paths that end in the last label. */
  labelMasses = new Float64Array(this.capacity);
  /** The sum of both. */
  masses = new Float64Array(this.capacity);
  /** What ranks: the mass, and what the prefix is worth besides. */
  scores = new Float64Array(this.capacity);
  /** The prefixes of this list that are one label longer than this one, as a chain; −1 ends it. */
  firstHeirs = new Int32Array(this.capacity);
  nextHeirs = new Int32Array(this.capacity);
  /** With a scorer, and of the beam: what each is worth besides its mass … */
  worths = new Float64Array(this.capacity);
  /** … and where the scorer's memo has what may follow it. */
  blocks = new Int32Array(this.capacity);
  /** What each lacks of what new ones must exceed, where prefixes are made longer. */
  lacks = new Float64Array(this.capacity);
  private scratch = new Float64Array(this.capacity);

  /** Makes place for twice as many. */
  grow(): void {
    this.capacity *= 2;
    this.nodes = enlarged(this.nodes, this.capacity);
    this.labels = enlarged(this.labels, this.capacity);
    this.sources = enlarged(this.sources, this.capacity);
    this.blankMasses = enlarged(this.blankMasses, this.capacity);
    this.labelMasses = enlarged(this.labelMasses, this.capacity);
    this.masses = enlarged(this.masses, this.capacity);
    this.scores = enlarged(this.scores, this.capacity);
    this.firstHeirs = new Int32Array(this.capacity);
    this.nextHeirs = new Int32Array(this.capacity);
    this.worths = new Float64Array(this.capacity);
    this.blocks = new Int32Array(this.capacity);
    this.lacks = new Float64Array(this.capacity);
    this.scratch = new Float64Array(this.capacity);
  }

  /**
   * Drops all but the `width` best, the earlier among equals, and leaves their order as it is; what is
   * impossible goes in any case. Returns what others have to exceed to be among the `width` best: the least
   * score kept, or −∞ where there is room.
   */
  keepBest(width: number): number {
    const { count, scores, scratch } = this;
    if (count < width) {
      this.keepFrom(NEGATIVE_INFINITY, 0);
      return NEGATIVE_INFINITY;
    }
    for (let i = 0; i < count; i++) scratch[i] = scores[i]!;
    const least = nthLargest(scratch, count, width);
    let better = 0;
    for (let i = 0; i < count; i++) if (scores[i]! > least) better++;
    this.keepFrom(least, least === NEGATIVE_INFINITY ? 0 : width - better);
    return least;
  }

  /** Drops what is more than `margin` below the best. */
  keepWithin(margin: number): void {
    const { count, scores } = this;
    let best = NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) if (scores[i]! > best) best = scores[i]!;
    if (best > NEGATIVE_INFINITY) this.keepFrom(best - margin, count);
  }

  /** Keeps what is above `least`, and the first `equals` of what is equal to it. */
  private keepFrom(least: number, equals: number): void {
    const { count, nodes, labels, sources, blankMasses, labelMasses, masses, scores } = this;
    let room = equals;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const score = scores[i]!;
      if (score <= least && (score < least || room-- <= 0)) continue;
      if (kept < i) {
        nodes[kept] = nodes[i]!;
        labels[kept] = labels[i]!;
        sources[kept] = sources[i]!;
        blankMasses[kept] = blankMasses[i]!;
        labelMasses[kept] = labelMasses[i]!;
        masses[kept] = masses[i]!;
        scores[kept] = score;
      }
      kept++;
    }
    this.count = kept;
  }
}

/** A copy with room for `capacity` entries. */
export function enlarged<Entries extends Int32Array | Float64Array>(
  entries: Entries,
  capacity: number,
): Entries {
  const copy = new (entries.constructor as new (length: number) => Entries)(capacity);
  copy.set(entries);
  return copy;
}
