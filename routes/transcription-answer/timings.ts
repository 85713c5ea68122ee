import type { ServedAnswer } from '../../src/recognition/recognition-service.ts';

/**
 * To three digits behind the point: milliseconds of a recording, microseconds of a stage. Rounding keeps
 * the order of times, and their place inside the recording.
 */
export function toThousandths(value: number): number {
  return Math.round(1000 * value) / 1000;
}

/** Milliseconds that a request spent in the queue and in each stage that ran. */
export function timingsOf({
  queuedMilliseconds,
  recognition,
}: ServedAnswer): Record<string, number> {
  const timings: Record<string, number> = { queue_ms: toThousandths(queuedMilliseconds) };
  for (const [stage, took] of Object.entries(recognition.milliseconds))
    timings[`${stage}_ms`] = toThousandths(took);
  return timings;
}
