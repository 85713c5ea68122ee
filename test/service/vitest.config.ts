import { defineConfig } from 'vitest/config';

/** `npm run test:abuse`: damaged requests by the ten thousand, too slow for `npm test`. */
const { CI_TEST_REPORT: reportFile } = process.env;

export default defineConfig({
  test: {
    include: ['test/service/**/*.slow.ts'],
    testTimeout: 1_800_000,
    pool: 'forks',
    reporters: ['default', ...(reportFile ? ['json'] : [])],
    ...(reportFile ? { outputFile: { json: reportFile } } : {}),
  },
});
