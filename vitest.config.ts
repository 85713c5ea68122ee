import { defineConfig } from 'vitest/config';
import { slowSuites } from './test/slow-suites.ts';

/** Where .ci/run wants the report that it counts from. */
const { CI_TEST_REPORT: reportFile } = process.env;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: slowSuites,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Forks, not threads: ONNX Runtime and worker pools live in the tests themselves.
    pool: 'forks',
    maxWorkers: '100%',
    reporters: ['default', ...(reportFile ? ['json'] : [])],
    ...(reportFile ? { outputFile: { json: reportFile } } : {}),
  },
});
