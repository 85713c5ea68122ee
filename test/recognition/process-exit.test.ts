import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

const script = fileURLToPath(new URL('./exit-in-graph.ts', import.meta.url));

describe('a process that exits while threads of its pool are inside graphs', () => {
  let models: TemporaryFolder;
  beforeAll(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path, { hidden: 64 });
  });
  afterAll(() => models.remove());

  it.each(['loading', 'at a task'])('ends with its own exit code: %s', async (when) => {
    const child = spawn(process.execPath, [script, models.path, when], { stdio: 'inherit' });
    expect(await once(child, 'exit')).toEqual([3, null]);
  });
});
