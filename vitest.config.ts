import { slowSuites } from './test/slow-suites.ts';
import { testRun } from './test/vitest-options.ts';

/** `npm test`. */
export default testRun({
  include: ['test/**/*.test.ts'],
  exclude: slowSuites,
  maxWorkers: '100%',
});
