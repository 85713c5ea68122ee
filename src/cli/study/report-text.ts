import type { StudyReport } from '../../studies/study.ts';

/** What a study found, claim by claim, for a person. */
export function reportText({ study, quick, seed, seconds, claims }: StudyReport): string {
  const length = quick ? ', quick' : '';
  const lines = claims.flatMap(({ statement, holds, measured }) => [
    `${verdictOf(holds)}  ${statement}`,
    `       ${measured}`,
  ]);
  return [`study ${study} (seed ${seed}${length}, ${seconds} s)`, ...lines].join('\n');
}

function verdictOf(holds: boolean | null): string {
  if (holds === null) return 'OPEN ';
  return holds ? 'holds' : 'FAILS';
}
