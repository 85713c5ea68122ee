import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  readFrameLabels,
  writeFrameLabels,
} from '../../../src/training/data/frame-labels-cache.ts';
import { packFrameLabels } from '../../../src/training/data/packed-frame-labels.ts';
import { type TemporaryFolder, temporaryFolder } from '../../support/tiny-model.ts';

describe('labels of frames that are kept', () => {
  const times = { first: 100, step: 80 };
  const packed = packFrameLabels(times, [
    Uint16Array.of(1, 2, 65_535),
    Uint16Array.of(),
    Uint16Array.of(7),
  ]);
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(() => folder.remove());

  it('come back as they were, for as many clips', async () => {
    const path = join(folder.path, 'new', 'one.labels');
    expect(await readFrameLabels(path, 3, times)).toBeUndefined();
    await writeFrameLabels(path, packed);
    expect(await readFrameLabels(path, 3, times)).toEqual(packed);
    expect(await readFrameLabels(path, 2, times)).toBeUndefined();
    expect(await readFrameLabels(path, 400, times)).toBeUndefined();
  });

  it('are made again where the file is cut short', async () => {
    const path = join(folder.path, 'cut.labels');
    await writeFrameLabels(path, packed);
    await writeFile(path, (await readFile(path)).subarray(0, -1));
    expect(await readFrameLabels(path, 3, times)).toBeUndefined();
  });
});
