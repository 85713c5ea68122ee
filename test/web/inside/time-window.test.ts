import { describe, expect, it } from 'vitest';
import { TimeWindow } from '../../../web/inside/time-window.ts';

function tenSeconds(): TimeWindow {
  const window = new TimeWindow(10);
  window.left = 5;
  window.width = 100;
  return window;
}

describe('TimeWindow', () => {
  it('begins with all of the recording', () => {
    const window = tenSeconds();
    expect([window.xOf(0), window.xOf(10)]).toEqual([5, 105]);
    expect(window.secondsAt(55)).toBe(5);
  });

  it('gives no time outside the recording', () => {
    const window = tenSeconds();
    expect([window.secondsAt(-50), window.secondsAt(500)]).toEqual([0, 10]);
  });

  it('zooms around a time that stays where it is', () => {
    const window = tenSeconds();
    const x = window.xOf(4);
    window.zoom(0.5, 4);
    expect(window.xOf(4)).toBeCloseTo(x);
    expect(window.to - window.from).toBeCloseTo(5);
  });

  it('shows no more than there is, and no less than a few frames', () => {
    const window = tenSeconds();
    window.zoom(1e-9, 9);
    expect(window.to - window.from).toBeCloseTo(0.1);
    window.zoom(1e9, 9);
    expect([window.from, window.to]).toEqual([0, 10]);
    const short = new TimeWindow(0.05);
    short.zoom(0.5, 0);
    expect([short.from, short.to]).toEqual([0, 0.05]);
  });

  it('stops at the ends of the recording', () => {
    const window = tenSeconds();
    window.zoom(0.2, 5);
    window.pan(-100);
    expect([window.from, window.to]).toEqual([0, 2]);
    window.pan(100);
    expect([window.from, window.to]).toEqual([8, 10]);
  });

  it('moves as little as is needed for a time to be seen', () => {
    const window = tenSeconds();
    window.zoom(0.2, 0);
    window.reveal(1);
    expect([window.from, window.to]).toEqual([0, 2]);
    window.reveal(3);
    expect([window.from, window.to]).toEqual([1, 3]);
    window.reveal(0.5);
    expect([window.from, window.to]).toEqual([0.5, 2.5]);
  });

  it('shows a stretch with as much around it, inside the recording', () => {
    const window = tenSeconds();
    window.show(4, 5);
    expect([window.from, window.to]).toEqual([3.5, 5.5]);
    window.show(0, 1);
    expect([window.from, window.to]).toEqual([0, 2]);
    window.show(1, 9);
    expect([window.from, window.to]).toEqual([0, 10]);
  });
});
