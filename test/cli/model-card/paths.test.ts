import { basename, dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pathToShow } from '../../../src/cli/model-card/paths.ts';

const here = process.cwd();

describe('pathToShow', () => {
  it.each([
    ['corpora', 'corpora'],
    ['.cache/corpora', '.cache/corpora'],
    ['..names', '..names'],
    [resolve('corpora/an4'), 'corpora/an4'],
    ['../other/corpora/an4', 'corpora/an4'],
    [resolve(dirname(here), 'other'), 'other'],
  ])('shows %s, below the working directory or in a folder beside it, as %s', (path, shown) => {
    expect(pathToShow(path)).toBe(shown);
  });

  it('shows the last part alone of what is farther away', () => {
    expect(pathToShow('../../far/corpora')).toBe('corpora');
    expect(pathToShow('.')).toBe(basename(here));
    expect(pathToShow('..')).toBe(basename(dirname(here)));
  });
});
