import { defineConfig } from 'vitest/config';

/** `npm run test:studies`: every study in its quick version, too slow for `npm test`. */
const { CI_TEST_REPORT: reportFile } = process.env;

export default defineConfig({
  test: {
    include: ['test/studies/**/*.slow.ts'],
    testTimeout: 600_000,
    pool: 'forks',
    reporters: ['default', ...(reportFile ? ['json'] : [])],
    ...(reportFile ? { outputFile: { json: reportFile } } : {}),
  },
});
