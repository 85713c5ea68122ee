import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/math/random.ts';
import { BackPropagation } from '../../../src/training/theory/back-propagation.ts';
import { emptySlopes } from '../../../src/training/theory/cell.ts';
import { crossEntropy } from '../../../src/training/theory/learner.ts';
import {
  largestSingularValue,
  orthogonalMatrix,
  spectralRadius,
} from '../../../src/training/theory/matrices.ts';
import type { NetworkState } from '../../../src/training/theory/network.ts';
import { stateJacobian } from '../../../src/training/theory/state-jacobian.ts';
import { cellNames, centralDifferences, relativeDifference, smallCase } from './small-networks.ts';

const joined = ({ output, memory }: NetworkState) => Float64Array.of(...output, ...memory);

describe.each(cellNames)('states of a small %s', (cell) => {
  const { network, parameters, sequence } = smallCase(cell);
  const { hidden, inputs } = network.architecture;
  const parted = (values: Float64Array): NetworkState => ({
    output: values.slice(0, hidden),
    memory: values.slice(hidden),
  });
  const stepped = (values: Float64Array, t: number) => {
    const state = parted(values);
    const slopes = emptySlopes(network.cell, hidden);
    network.step(parameters, sequence.features, t * inputs, state, slopes);
    return { values: joined(state), slopes };
  };

  it('depend on those of the frame before as the Jacobian says', () => {
    const before = Float64Array.from(
      joined(network.initialState()),
      (_, j) => 0.3 * Math.sin(j + 1),
    );
    const { n, values } = stateJacobian(network, parameters, stepped(before, 0).slopes);
    expect(n).toBe(before.length);
    for (let j = 0; j < n; j++) {
      const expected = centralDifferences(before, (point) => stepped(point, 0).values[j]!);
      const column = Float64Array.from({ length: n }, (_, i) => values[i * n + j]!);
      expect(relativeDifference(column, expected)).toBeLessThan(1e-8);
    }
  });

  it('get the gradients that back-propagation reports', () => {
    const reported: Float64Array[] = [];
    const learner = new BackPropagation(network, {
      onState: (stepsBack, byOutput, byMemory) => {
        reported[stepsBack] = Float64Array.of(...byOutput, ...(byMemory ?? []));
      },
    });
    for (let t = 0; t < sequence.frames; t++) {
      const logits = learner.forward(parameters, sequence.features, t * inputs);
      const target = t === sequence.frames - 1 ? 1 : -1;
      learner.backward(parameters, crossEntropy(logits, target).gradient);
    }
    learner.finish(parameters);
    let state = joined(network.initialState());
    const states = Array.from({ length: sequence.frames }, (_, t) => {
      state = stepped(state, t).values;
      return state;
    });
    const stepsBack = 6;
    const from = sequence.frames - 1 - stepsBack;
    const slopes = stepped(states[from - 1]!, from).slopes;
    // As free numbers: moving the memory moves the output of the same frame with it.
    const expected = centralDifferences(states[from]!, (point) => {
      const moved = point.slice();
      slopes.outputByMemory.forEach((slope, j) => {
        moved[j]! += slope * (point[hidden + j]! - states[from]![hidden + j]!);
      });
      let values = moved;
      for (let t = from + 1; t < sequence.frames; t++) values = stepped(values, t).values;
      return crossEntropy(network.logits(parameters, values.subarray(0, hidden)), 1).nats;
    });
    expect(relativeDifference(reported[stepsBack]!, expected)).toBeLessThan(1e-6);
  });
});

describe('matrices', () => {
  const square = (...values: number[]) => ({
    n: Math.sqrt(values.length),
    values: Float64Array.from(values),
  });

  it.each([
    ['a rotation that shrinks', square(0, -0.5, 0.5, 0), 0.5],
    ['a triangle that is far from normal', square(0.9, 1000, 0, -0.3), 0.9],
    ['one that lengthens', square(3, 1, 0, 2), 3],
    ['one that is nothing after two steps', square(0, 1, 0, 0), 0],
    ['zeros', square(0, 0, 0, 0), 0],
  ])('have the spectral radius of their eigenvalues: %s', (_, matrix, expected) => {
    expect(spectralRadius(matrix)).toBeCloseTo(expected, 10);
  });

  it('have the largest singular value that they lengthen a vector by', () => {
    expect(largestSingularValue(square(0, -0.5, 0.5, 0))).toBeCloseTo(0.5, 12);
    expect(largestSingularValue(square(1, 1, 0, 1))).toBeCloseTo((1 + Math.sqrt(5)) / 2, 12);
  });

  it('are orthogonal where they should be', () => {
    const matrix = orthogonalMatrix(20, new Random(1));
    for (let i = 0; i < 20; i++) {
      for (let j = 0; j < 20; j++) {
        let sum = 0;
        for (let k = 0; k < 20; k++) sum += matrix.values[i * 20 + k]! * matrix.values[j * 20 + k]!;
        expect(Math.abs(sum - (i === j ? 1 : 0))).toBeLessThan(1e-14);
      }
    }
    expect(spectralRadius(matrix)).toBeCloseTo(1, 10);
    expect(largestSingularValue(matrix)).toBeCloseTo(1, 12);
  });
});
