import { Random } from '../../math/random.ts';
import type { NetworkArchitecture } from '../../training/network/architecture.ts';
import { initialParameters } from '../../training/network/parameters.ts';
import { BackPropagation } from '../../training/theory/back-propagation.ts';
import { type GradientLearner, learnOnline } from '../../training/theory/learner.ts';
import { TheoryNetwork } from '../../training/theory/network.ts';
import { RealTimeRecurrentLearning } from '../../training/theory/real-time-recurrent-learning.ts';
import { type Spread, spreadOf } from '../statistics.ts';

const delay = 5;
const hidden = 12;
const rate = 0.01;

/** Those that learn without waiting for an end; the stream has none. */
const learners = {
  RTRL: (network) => new RealTimeRecurrentLearning(network),
  'BPTT(4; 2)': (network) => new BackPropagation(network, { depth: 4, interval: 2 }),
  'BPTT(16; 8)': (network) => new BackPropagation(network, { depth: 16, interval: 8 }),
} as const satisfies Readonly<Record<string, (network: TheoryNetwork) => GradientLearner>>;

export type EchoStream = {
  readonly delay: number;
  readonly hidden: number;
  readonly rate: number;
  readonly frames: number;
  readonly learners: readonly {
    readonly name: string;
    /** Nats a frame in the last tenth of the stream, over seeds; ln 2 for one who guesses. */
    readonly lastLoss: Spread;
    /** Nats a frame in each fiftieth of the stream: the mean over seeds. */
    readonly curve: readonly (readonly [frame: number, nats: number])[];
  }[];
};

const parts = 50;

/**
 * A stream of random bits whose every frame asks for the bit `delay` frames before, learned with an update
 * after each frame. A window of four frames never holds a bit and the frame that asks for it.
 */
export function echoStream(frames: number, seeds: readonly number[]): EchoStream {
  const measured = Object.entries(learners).map(([name, learner]) => {
    const curves = seeds.map((seed) => lossCurve(learner, frames, seed));
    const lastTenth = curves.map((curve) => {
      const last = curve.slice(-parts / 10);
      return last.reduce((sum, nats) => sum + nats, 0) / last.length;
    });
    const curve = Array.from({ length: parts }, (_, part) => {
      const sum = curves.reduce((total, each) => total + each[part]!, 0);
      return [((part + 1) * frames) / parts, sum / curves.length] as const;
    });
    return { name, lastLoss: spreadOf(lastTenth), curve };
  });
  return { delay, hidden, rate, frames, learners: measured };
}

function lossCurve(
  make: (network: TheoryNetwork) => GradientLearner,
  frames: number,
  seed: number,
): number[] {
  const random = Random.forStream(seed, delay);
  const architecture: NetworkArchitecture = {
    cell: 'rnn',
    hidden,
    inputs: 1,
    labels: 2,
    layers: 1,
    bidirectional: false,
  };
  const network = new TheoryNetwork(architecture);
  const parameters = Float64Array.from(initialParameters(architecture, random));
  const bits = Int32Array.from({ length: frames + delay }, () => random.integer(2));
  const learner = withoutEnd(make(network));
  const share = frames / parts;
  return Array.from({ length: parts }, (_, part) => {
    const from = part * share;
    const sequence = {
      frames: share,
      features: Float64Array.from({ length: share }, (_, t) => 2 * bits[delay + from + t]! - 1),
      targets: bits.slice(from, from + share),
    };
    return learnOnline(learner, parameters, sequence, rate) / share;
  });
}

/** A learner that is told of no end, so that its state goes on from one part of the stream to the next. */
function withoutEnd(learner: GradientLearner): GradientLearner {
  return {
    gradient: learner.gradient,
    get numbersKept() {
      return learner.numbersKept;
    },
    forward: (parameters, features, from) => learner.forward(parameters, features, from),
    backward: (parameters, logitsGradient) => learner.backward(parameters, logitsGradient),
    finish: () => {},
  };
}
