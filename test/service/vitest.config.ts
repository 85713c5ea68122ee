import { testRun } from '../vitest-options.ts';

/** `npm run test:abuse`: damaged requests by the ten thousand, too slow for `npm test`. */
export default testRun({ include: ['test/service/**/*.slow.ts'], testTimeout: 1_800_000 });
