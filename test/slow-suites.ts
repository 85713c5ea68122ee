/** Tests too slow for `npm test`: `npm run test:slow` runs them, and .ci/run does. */
export const slowSuites = [
  'test/docker/image.test.ts',
  'test/docker/prometheus.test.ts',
  'test/web/**/*.test.ts',
  'test/service/abuse-*.test.ts',
  'test/service/reload.test.ts',
  'test/service/listed-refusals.test.ts',
  'test/service/tracing.test.ts',
  'test/recognition/worker-pool.test.ts',
  'test/cli/calibrate.test.ts',
  'test/cli/leave-one-out.test.ts',
  'test/cli/search-flags.test.ts',
  'test/cli/train-hybrid.test.ts',
];
