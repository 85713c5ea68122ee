import { expect, it } from 'vitest';
import { architectureOf, networkKinds } from '../../../src/studies/networks/kinds.ts';
import { parameterLayout } from '../../../src/training/network/parameters.ts';

it.each(networkKinds)('gives $name the width that comes nearest to as many parameters', (kind) => {
  const shape = { parameters: 32_000, inputs: 39, labels: 11 };
  const architecture = architectureOf(kind, shape);
  expect(architecture).toMatchObject({ cell: kind.cell, bidirectional: kind.bidirectional });
  const distance = (hidden: number) =>
    Math.abs(parameterLayout({ ...architecture, hidden }).size - shape.parameters);
  const distances = Array.from({ length: 300 }, (_, index) => distance(index + 1));
  expect(distance(architecture.hidden)).toBe(Math.min(...distances));
});
