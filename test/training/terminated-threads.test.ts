import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importsOf } from '../support/source-imports.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The packages that a source and all that it imports name. */
function packagesOf(source: string): Set<string> {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const waiting = [source];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const { target, isPackage } of importsOf(path, readFileSync(root + path, 'utf8'))) {
      if (isPackage) packages.add(target);
      else waiting.push(target);
    }
  }
  return packages;
}

describe('a thread that may be terminated at any moment', () => {
  it.each(['src/training/hmm/shard-worker.ts', 'src/training/data/prefetch-worker.ts'])(
    'is never inside ONNX Runtime: %s does not load it',
    (worker) => {
      expect(packagesOf(worker)).not.toContain('onnxruntime-node');
    },
  );

  it('is told from one that is', () => {
    expect(packagesOf('src/training/gradient-worker.ts')).toContain('onnxruntime-node');
  });
});
