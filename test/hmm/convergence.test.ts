import { describe, expect, it } from 'vitest';
import { ConvergenceMonitor } from '../../src/hmm/convergence.ts';

describe('the convergence monitor', () => {
  it('goes on while an iteration gains at least the tolerance a frame', () => {
    const monitor = new ConvergenceMonitor({ tolerance: 0.5, maxIterations: 10 });
    expect([monitor.gain, monitor.converged, monitor.done]).toEqual([undefined, false, false]);
    monitor.report(-400, 100);
    expect([monitor.gain, monitor.converged, monitor.done]).toEqual([undefined, false, false]);
    monitor.report(-350, 100);
    expect([monitor.gain, monitor.converged, monitor.done]).toEqual([0.5, false, false]);
    monitor.report(-325, 100);
    expect([monitor.gain, monitor.converged, monitor.done]).toEqual([0.25, true, true]);
    expect(monitor.history).toEqual([-4, -3.5, -3.25]);
  });

  it('stops when the likelihood falls', () => {
    const monitor = new ConvergenceMonitor({ tolerance: 0, maxIterations: 10 });
    monitor.report(-300, 100);
    monitor.report(-310, 100);
    expect(monitor.converged).toBe(true);
  });

  it('stops after so many iterations, those before it was resumed included', () => {
    const monitor = new ConvergenceMonitor({ tolerance: 0.01, maxIterations: 3 }, [-5, -4]);
    expect([monitor.gain, monitor.done]).toEqual([1, false]);
    monitor.report(-300, 100);
    expect([monitor.converged, monitor.done]).toEqual([false, true]);
  });

  it('needs frames', () => {
    const monitor = new ConvergenceMonitor({ tolerance: 0.01, maxIterations: 3 });
    expect(() => monitor.report(0, 0)).toThrow('[ConvergenceMonitor] expected frames, got 0');
  });
});
