import { describe, expect, it } from 'vitest';
import { levelOf, SilenceWatch } from '../../../web/record/silence-watch.ts';

const blockSeconds = 0.125;

/** Seconds until a watch ends a recording of these levels, one a block; undefined if it does not. */
function endOf(decibels: readonly number[]): number | undefined {
  const watch = new SilenceWatch();
  const index = decibels.findIndex((level) => watch.add(level, blockSeconds));
  return index < 0 ? undefined : (index + 1) * blockSeconds;
}

const blocks = (seconds: number, level: number): number[] =>
  new Array<number>(Math.round(seconds / blockSeconds)).fill(level);

describe('SilenceWatch', () => {
  it('ends a recording a pause after the last speech', () => {
    const end = endOf([...blocks(1, -70), ...blocks(2, -20), ...blocks(5, -70)]);
    expect(end).toBe(4.5);
  });

  it('goes on over pauses between words', () => {
    const word = [...blocks(0.5, -20), ...blocks(1, -70)];
    expect(endOf([...blocks(0.5, -70), ...word, ...word, ...word])).toBeUndefined();
  });

  it('waits long for the first word, but not for ever', () => {
    expect(endOf(blocks(9.5, -70))).toBeUndefined();
    expect(endOf(blocks(20, -70))).toBe(10);
  });

  it('takes the hum of a noisy room for silence', () => {
    expect(endOf([...blocks(1, -35), ...blocks(1, -12), ...blocks(3, -35)])).toBe(3.5);
  });

  it('bears a microphone that gives nothing but zeros at first', () => {
    const muted = blocks(1, Number.NEGATIVE_INFINITY);
    expect(endOf([...muted, ...blocks(1, -20), ...blocks(2, -70)])).toBe(3.5);
  });
});

describe('levelOf', () => {
  it('is in decibels below full scale', () => {
    expect(levelOf(new Float32Array(100).fill(1))).toBeCloseTo(0);
    expect(levelOf(new Float32Array(100).fill(-0.1))).toBeCloseTo(-20);
    expect(levelOf(new Float32Array(100))).toBe(Number.NEGATIVE_INFINITY);
  });
});
