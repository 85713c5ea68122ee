import { describe, expect, it } from 'vitest';
import { encodeNpy } from '../../../src/features/encode-npy.ts';
import { parseNpy } from '../../../web/inside/npy.ts';

describe('parseNpy', () => {
  it('reads what the service writes', () => {
    const values = Float32Array.from([0, -1.5, -Infinity, 1e-30, 7, 8]);
    const { buffer } = Uint8Array.from(encodeNpy({ rows: 3, columns: 2, values }));
    expect(parseNpy(buffer)).toEqual({ frames: 3, columns: 2, values });
  });

  it('reads a matrix without rows', () => {
    const empty = encodeNpy({ rows: 0, columns: 4, values: new Float32Array(0) });
    expect(parseNpy(Uint8Array.from(empty).buffer)).toMatchObject({ frames: 0, columns: 4 });
  });

  it('refuses other numbers', () => {
    const other = encodeNpy({ rows: 1, columns: 1, values: new Float32Array(1) });
    const bytes = Buffer.from(
      Buffer.from(other).toString('latin1').replace('<f4', '<f8'),
      'latin1',
    );
    expect(() => parseNpy(Uint8Array.from(bytes).buffer)).toThrow(
      '[parseNpy] expected a matrix of <f4',
    );
  });
});
