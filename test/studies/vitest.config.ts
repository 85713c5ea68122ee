import { testRun } from '../vitest-options.ts';

/** `npm run test:studies`: every study in its quick version, too slow for `npm test`. */
export default testRun({ include: ['test/studies/**/*.slow.ts'], testTimeout: 600_000 });
