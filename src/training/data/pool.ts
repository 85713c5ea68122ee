import type { Vocabulary } from '../../alphabet/vocabulary.ts';
import type { Random } from '../../math/random.ts';
import { type Clip, clipOf } from './clip.ts';
import type { PoolConfig } from './config.ts';
import type { Corpus } from './corpus.ts';
import { selectRows } from './selection.ts';

/** An index drawn with a probability in proportion to its weight. */
export function drawWeighted(weights: readonly number[], random: Random): number {
  let rest = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    rest -= weight;
    if (rest < 0) return index;
  }
  return weights.findLastIndex((weight) => weight > 0);
}

/** The clips that one filter lets through, by word and by speaker where they are single words. */
export class Pool {
  readonly weight: number;
  readonly clips: readonly Clip[];
  private readonly byWord = new Map<string, Clip[]>();
  private readonly bySpeaker = new Map<string, Map<string, Clip[]>>();

  /** @throws RangeError if no row passes the filter. */
  constructor(config: PoolConfig, corpus: Corpus, vocabulary: Vocabulary) {
    this.weight = config.weight;
    this.clips = selectRows(corpus, config, vocabulary).map((row) => clipOf(corpus, row));
    if (this.clips.length === 0) {
      throw new RangeError(
        `[Pool] expected rows that pass the filter, got none: ${JSON.stringify(config)}`,
      );
    }
    for (const clip of this.clips) {
      if (clip.words.length !== 1) continue;
      const word = clip.words[0]!;
      push(this.byWord, word, clip);
      const words = this.bySpeaker.get(clip.speaker) ?? new Map<string, Clip[]>();
      this.bySpeaker.set(clip.speaker, words);
      push(words, word, clip);
    }
  }

  get words(): Iterable<string> {
    return this.byWord.keys();
  }

  clipsOf(word: string): readonly Clip[] {
    return this.byWord.get(word) ?? [];
  }

  /** A speaker's single words. */
  wordsOf(speaker: string): ReadonlyMap<string, readonly Clip[]> {
    return this.bySpeaker.get(speaker) ?? new Map();
  }
}

function push(map: Map<string, Clip[]>, key: string, clip: Clip): void {
  const clips = map.get(key);
  if (clips) clips.push(clip);
  else map.set(key, [clip]);
}

/** A single-word clip and the pool that it came from. */
export type Draw = { readonly clip: Clip; readonly pool: Pool };

/** Draws single words from several pools, each word as often as the others. */
export class WordDrawer {
  private readonly pools: readonly Pool[];
  private readonly words: readonly string[];

  /** @throws RangeError if no pool has a clip of one word. */
  constructor(pools: readonly Pool[]) {
    this.pools = pools;
    this.words = [...new Set(pools.flatMap((pool) => [...pool.words]))].sort();
    if (this.words.length === 0) {
      throw new RangeError('[WordDrawer] expected clips of one word, got none');
    }
  }

  /** A word, then a pool, then one of its clips of the word. */
  draw(random: Random): Draw {
    const word = random.pick(this.words);
    // By the square root of the clips it has, so that a handful is not repeated beyond measure.
    const weights = this.pools.map((pool) => pool.weight * Math.sqrt(pool.clipsOf(word).length));
    const pool = this.pools[drawWeighted(weights, random)]!;
    return { clip: random.pick(pool.clipsOf(word)), pool };
  }

  /** A clip of the same speaker; each of the speaker's words is as likely as the others. */
  drawOfSpeaker({ clip, pool }: Draw, random: Random): Clip {
    const words = [...pool.wordsOf(clip.speaker).values()];
    return random.pick(random.pick(words));
  }

  /** A clip of the same pool; each of the pool's words is as likely as the others. */
  drawOfPool(pool: Pool, random: Random): Clip {
    return random.pick(pool.clipsOf(random.pick([...pool.words])));
  }
}
