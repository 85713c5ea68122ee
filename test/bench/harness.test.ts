import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { median, medianSeconds, timeAgainstPeer } from './harness.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const bench = (...args: string[]) =>
  spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });

describe('the bench harness', () => {
  it('takes the middle value, or the mean of the two middle ones', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
    expect(() => median([])).toThrow(RangeError);
  });

  it('warms up twice before it times each run', async () => {
    let calls = 0;
    await medianSeconds(() => calls++, 5);
    expect(calls).toBe(7);
  });

  it('takes turns with the peer', async () => {
    const turns: string[] = [];
    const peer = {
      name: 'peer',
      seconds: async () => turns.push('peer'),
      close: () => {},
    };
    await timeAgainstPeer(() => turns.push('ours'), 2, peer);
    expect(turns.join(' ')).toBe('ours ours peer ours peer ours peer');
  });
});

describe('npm run bench', () => {
  it('prints one object a line with --json', () => {
    const { status, stdout } = bench('features', '--json', '--runs', '1');
    expect(status).toBe(0);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map((row) => row.bench)).toEqual(['features', 'features', 'features', 'features']);
    for (const row of rows) {
      expect(row.value).toBeGreaterThan(0);
      expect(row.unit).toBe('× real time');
      expect(typeof row.baseline).toBe('string');
    }
  });

  it.each(['nothing', '--runs=0', '--unknown'])('ends with 2 for wrong usage: %s', (argument) => {
    const { status, stderr } = bench(argument);
    expect(status).toBe(2);
    expect(stderr).toContain('names: audio, features, ctc-loss, ctc-beam, hotwords, training-step');
  });
});
