/**
 * A seeded generator of random numbers (xoshiro128**, Blackman & Vigna 2018, seeded by splitmix32).
 * The one source of randomness in Sori: it is passed in, and the same seed gives the same numbers.
 */
export class Random {
  private readonly state = new Uint32Array(4);
  private spareGaussian: number | undefined;

  constructor(seed: number) {
    let z = seed >>> 0;
    for (let index = 0; index < 4; index++) {
      z = (z + 0x9e3779b9) >>> 0;
      let x = z;
      x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
      x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
      this.state[index] = (x ^ (x >>> 16)) >>> 0;
    }
  }

  /** A generator whose numbers depend on this seed and the given stream numbers only. */
  static forStream(seed: number, ...stream: readonly number[]): Random {
    let hash = seed >>> 0;
    for (const part of stream) {
      hash = Math.imul(hash ^ (part >>> 0), 0x9e3779b1) >>> 0;
      hash = (hash ^ (hash >>> 15)) >>> 0;
      hash = Math.imul(hash, 0x85ebca77) >>> 0;
      hash = (hash ^ (hash >>> 13)) >>> 0;
    }
    return new Random(hash);
  }

  /** An integer in [0, 2³²). */
  nextUint32(): number {
    const s = this.state;
    const s1 = s[1]!;
    const product = Math.imul(s1, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    s[2]! ^= s[0]!;
    s[3]! ^= s1;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= s1 << 9;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  /** A number in [0, 1) with 32 random bits. */
  next(): number {
    return this.nextUint32() / 4294967296;
  }

  /** A number in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** An integer in [0, bound). */
  integer(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the items, each as likely as the others. Throws on an empty list. */
  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0)
      throw new RangeError('[Random.pick] expected at least one item, got none');
    return items[this.integer(items.length)]!;
  }

  /** A normal deviate with mean 0 and variance 1 (Marsaglia's polar method). */
  gaussian(): number {
    if (this.spareGaussian !== undefined) {
      const spare = this.spareGaussian;
      this.spareGaussian = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.next() - 1;
      const y = 2 * this.next() - 1;
      const squaredRadius = x * x + y * y;
      if (squaredRadius >= 1 || squaredRadius === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(squaredRadius)) / squaredRadius);
      this.spareGaussian = y * factor;
      return x * factor;
    }
  }

  /** Shuffles the items in place (Fisher-Yates) and returns them. */
  shuffle<Items extends unknown[] | Uint32Array | Int32Array>(items: Items): Items {
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const kept = items[last];
      items[last] = items[other];
      items[other] = kept;
    }
    return items;
  }
}
