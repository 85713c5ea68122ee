import { defineConfig } from 'vitest/config';
import { slowSuites } from './test/slow-suites.ts';

/** `npm run test:slow`. */
const { CI_TEST_REPORT: reportFile } = process.env;

export default defineConfig({
  test: {
    include: slowSuites,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    reporters: ['default', ...(reportFile ? ['json'] : [])],
    ...(reportFile ? { outputFile: { json: reportFile } } : {}),
  },
});
