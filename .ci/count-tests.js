// node count-tests.js <failed steps> <vitest report>…: prints "N passed, N failed" and exits with 1 where
// anything failed or nothing was tested. Plain JavaScript, for the machine's own Node.
import { readFileSync } from 'node:fs';

const [failedSteps, ...reports] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const path of reports) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    process.stderr.write(`${path}: ${error.message}\n`);
    continue;
  }
  passed += report.numPassedTests;
  skipped += report.numPendingTests + report.numTodoTests;
  failed += report.numFailedTests;
  // A file that cannot even be loaded has no failing test of its own.
  for (const file of report.testResults) {
    const ownFailures = file.assertionResults.some(({ status }) => status === 'failed');
    if (file.status === 'failed' && !ownFailures) failed++;
  }
}
if (failed === 0) failed = Number(failedSteps);
if (passed === 0 && failed === 0) failed = 1;
process.stdout.write(
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
);
process.exitCode = failed > 0 ? 1 : 0;
