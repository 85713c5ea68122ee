import { z } from 'zod';

/** An inclusive range, low end first; a number is drawn evenly from it. */
export const range = (low: number, high: number) =>
  z
    .tuple([z.number(), z.number()])
    .refine(([from, to]) => from <= to, 'expected the low end first')
    .default([low, high]);
