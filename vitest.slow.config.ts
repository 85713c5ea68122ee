import { slowSuites } from './test/slow-suites.ts';
import { testRun } from './test/vitest-options.ts';

/** `npm run test:slow`. */
export default testRun({ include: slowSuites });
