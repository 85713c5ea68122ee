import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/math/random.ts';
import { EngineTraining } from '../../../src/studies/engine/engine-training.ts';
import {
  recallBatch,
  recallInputs,
  recallSymbols,
} from '../../../src/studies/engine/recall-task.ts';
import { startingWeights } from '../../../src/studies/engine/starting-weights.ts';
import { parameterLayout, tensorView } from '../../../src/training/network/parameters.ts';
import { TrainableNetwork } from '../../../src/training/network/trainable-network.ts';
import { adam } from '../../../src/training/optimizer/adam.ts';
import { sgd } from '../../../src/training/optimizer/sgd.ts';
import { BackPropagation } from '../../../src/training/theory/back-propagation.ts';
import { crossEntropy } from '../../../src/training/theory/learner.ts';
import { spectralRadius } from '../../../src/training/theory/matrices.ts';
import { TheoryNetwork } from '../../../src/training/theory/network.ts';

const shape = {
  layers: 1,
  bidirectional: false,
  hidden: 8,
  inputs: recallInputs,
  labels: recallSymbols,
} as const;

describe('recall after a delay', () => {
  it('shows the symbol once, marked, then others, and asks in the last frame', () => {
    const [lag, batch] = [4, 3];
    const { features, targets, frames } = recallBatch(new Random(5), lag, batch);
    expect(frames).toBe(lag + 1);
    for (let n = 0; n < batch; n++) {
      const row = (t: number) => [
        ...features.subarray((t * batch + n) * recallInputs, (t * batch + n + 1) * recallInputs),
      ];
      const symbol = (t: number) => row(t).slice(0, recallSymbols);
      expect(symbol(0).indexOf(1)).toBe(targets[n]);
      for (let t = 0; t < lag; t++) expect(symbol(t).reduce((sum, x) => sum + x)).toBe(1);
      expect(symbol(lag)).toEqual([0, 0, 0, 0]);
      const flags = Array.from({ length: frames }, (_, t) => row(t).slice(recallSymbols).join());
      expect(flags).toEqual(['1,0', '0,0', '0,0', '0,0', '0,1']);
    }
  });
});

describe('training with the engine', () => {
  it.each(['rnn', 'lstm'] as const)(
    'takes the step that plain gradient descent takes in float64: %s',
    async (cell) => {
      const architecture = { ...shape, cell };
      const random = new Random(1);
      const parameters = startingWeights(architecture, {}, random);
      const before = Float64Array.from(parameters);
      const [batch, rate] = [3, 0.5];
      const lesson = recallBatch(random, 6, batch);
      const options = {
        optimizer: sgd({ momentum: 0, weightDecay: 0 }),
        learningRate: rate,
        clipNorm: Number.POSITIVE_INFINITY,
      };
      const training = await EngineTraining.create(architecture, parameters, options);
      const { loss } = await training.step(lesson);
      await training.release();

      const learner = new BackPropagation(new TheoryNetwork(architecture));
      let nats = 0;
      for (let n = 0; n < batch; n++) {
        for (let t = 0; t < lesson.frames; t++) {
          const from = (t * batch + n) * recallInputs;
          const row = Float64Array.from(lesson.features.subarray(from, from + recallInputs));
          const logits = learner.forward(before, row, 0);
          const asked = crossEntropy(logits, t === lesson.frames - 1 ? lesson.targets[n]! : -1);
          learner.backward(before, asked.gradient);
          nats += asked.nats / batch;
        }
        learner.finish(before);
      }
      expect(loss).toBeCloseTo(nats, 5);
      before.forEach((value, index) => {
        const expected = value - (rate * learner.gradient[index]!) / batch;
        expect(Math.abs(parameters[index]! - expected)).toBeLessThan(1e-6);
      });
    },
  );

  it('learns to recall over a short lag', async () => {
    const architecture = { ...shape, cell: 'rnn', hidden: 16 } as const;
    const random = new Random(2);
    const optimizer = adam({ meanDecay: 0.9, squareDecay: 0.999, epsilon: 1e-8, weightDecay: 0 });
    const options = { optimizer, learningRate: 0.01, clipNorm: 1 };
    const parameters = startingWeights(architecture, {}, random);
    const training = await EngineTraining.create(architecture, parameters, options);
    const testing = recallBatch(random, 2, 200);
    expect(await training.accuracy(testing)).toBeLessThan(0.6);
    for (let step = 0; step < 120; step++) await training.step(recallBatch(random, 2, 16));
    expect(await training.accuracy(testing)).toBe(1);
    await training.release();
  });

  it('counts an answer right only when no other label is as likely', async () => {
    const architecture = { ...shape, cell: 'rnn' } as const;
    const network = await TrainableNetwork.create(architecture);
    const zeros = new Float32Array(network.layout.size);
    await network.release();
    const optimizer = sgd({ momentum: 0, weightDecay: 0 });
    const training = await EngineTraining.create(architecture, zeros, {
      optimizer,
      learningRate: 1,
      clipNorm: 1,
    });
    expect(await training.accuracy(recallBatch(new Random(1), 2, 40))).toBe(0);
    await training.release();
  });
});

describe('starting weights', () => {
  const recurrentOf = (cell: 'rnn' | 'lstm', start: Parameters<typeof startingWeights>[1]) => {
    const architecture = { ...shape, cell };
    const parameters = startingWeights(architecture, start, new Random(4));
    const view = (name: string) =>
      Float64Array.from(tensorView(parameters, parameterLayout(architecture), name));
    return { weights: view('layer0.forward.recurrent'), bias: view('layer0.forward.bias') };
  };

  it('are orthogonal a gate, and as large as asked', () => {
    const { weights } = recurrentOf('lstm', { recurrent: 'orthogonal', gain: 0.5 });
    for (let gate = 0; gate < 4; gate++) {
      const values = Float64Array.from({ length: 64 }, (_, index) => {
        const [i, j] = [Math.floor(index / 8), index % 8];
        return weights[i * 32 + gate * 8 + j]!;
      });
      expect(spectralRadius({ n: 8, values })).toBeCloseTo(0.5, 6);
    }
  });

  it('have the forget bias asked for, and the engine’s where none is', () => {
    const biases = (start: Parameters<typeof startingWeights>[1]) => [
      ...recurrentOf('lstm', start).bias,
    ];
    const expected = (forget: number) =>
      Array.from({ length: 32 }, (_, index) => (index >= 16 && index < 24 ? forget : 0));
    expect(biases({ forgetBias: 3 })).toEqual(expected(3));
    expect(biases({ forgetBias: 0 })).toEqual(expected(0));
    expect(biases({})).toEqual(expected(1));
  });
});
