import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Where .ci/run wants the report that it counts from. */
const { CI_TEST_REPORT: reportFile } = process.env;

/** A configuration of Vitest: what all runs of tests have in common, and what is this one's own. */
export function testRun(own: NonNullable<ViteUserConfig['test']>): ViteUserConfig {
  return defineConfig({
    test: {
      testTimeout: 60_000,
      hookTimeout: 60_000,
      // Forks, not threads: ONNX Runtime and worker pools live in the tests themselves.
      pool: 'forks',
      reporters: ['default', ...(reportFile ? ['json'] : [])],
      ...(reportFile ? { outputFile: { json: reportFile } } : {}),
      ...own,
    },
  });
}
