import { Random } from '../../src/math/random.ts';
import { DirectedNetwork, type Direction } from './directed-network.ts';

export const frames = 10;

/** The networks that are compared, of as many units each. */
const directionsOf = {
  forward: ['forward'],
  backward: ['backward'],
  both: ['forward', 'backward'],
} as const satisfies Readonly<Record<string, readonly Direction[]>>;

export type NetworkName = keyof typeof directionsOf;

const units = 2;
const rate = 0.1;
const learnedSequences = 1000;
export const judgedSequences = 500;
const seed = 1;

/**
 * Whether each frame is inside what is said: something was said until then, and something is said from then
 * on. Silence inside is a pause.
 *
 * @param sounds frames; 1 where there is sound, 0 where there is silence
 */
export function insideOf(sounds: Float64Array): Int32Array {
  const [first, last] = [sounds.indexOf(1), sounds.lastIndexOf(1)];
  return Int32Array.from(sounds, (_, t) => (first >= 0 && t >= first && t <= last ? 1 : 0));
}

/** Silence with one stretch of sound in it, or two with a pause between, wherever they begin and end. */
export function randomSounds(random: Random): Float64Array {
  const places = random.shuffle(Array.from({ length: frames + 1 }, (_, place) => place));
  const edges = places.slice(0, random.pick([2, 4]));
  const edgesUntil = (t: number) => edges.filter((edge) => edge <= t).length;
  return Float64Array.from({ length: frames }, (_, t) => edgesUntil(t) % 2);
}

export type Trained = {
  readonly network: DirectedNetwork;
  /** The share of silent frames that it tells right, in sequences that it has not learned from. */
  readonly rightShare: number;
};

/** Trains a network to tell what is inside. The same sequences for each, and the same result every time. */
export function trainNetwork(name: NetworkName): Trained {
  const directions = directionsOf[name];
  const network = new DirectedNetwork(directions, units / directions.length, new Random(seed));
  const random = new Random(seed + 1);
  for (let sequence = 0; sequence < learnedSequences; sequence++) {
    const sounds = randomSounds(random);
    network.learn(sounds, insideOf(sounds), rate);
  }
  return { network, rightShare: rightShareOf(network, random) };
}

function rightShareOf(network: DirectedNetwork, random: Random): number {
  let silent = 0;
  let right = 0;
  for (let sequence = 0; sequence < judgedSequences; sequence++) {
    const sounds = randomSounds(random);
    const inside = insideOf(sounds);
    for (const [t, probability] of network.read(sounds).probabilities.entries()) {
      if (sounds[t] === 1) continue;
      silent++;
      if (isRight(probability, inside[t]!)) right++;
    }
  }
  return right / silent;
}

export function isRight(probability: number, label: number): boolean {
  return probability > 0.5 === (label === 1);
}
