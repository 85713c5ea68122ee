import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Forks, not threads: ONNX Runtime and worker pools live in the tests themselves.
    pool: 'forks',
  },
});
