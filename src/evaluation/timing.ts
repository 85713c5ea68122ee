/** How long recognition took against how long people spoke. */
export type Timing = {
  readonly audioSeconds: number;
  /** Seconds that the threads spent on clips, added up. */
  readonly workSeconds: number;
  /** workSeconds / audioSeconds: what one thread needs for a second of audio. */
  readonly realTimeFactor: number;
  /** From the first clip to the last, all threads together. */
  readonly wallSeconds: number;
  /** Seconds by stage, in the order in which stages run. */
  readonly stageSeconds: Readonly<Record<string, number>>;
};

/** Adds up the stages' times of many clips. */
export function timingOf(
  clips: Iterable<{
    readonly audioSeconds: number;
    readonly stageMilliseconds: Readonly<Record<string, number | undefined>>;
  }>,
  wallSeconds: number,
): Timing {
  let audioSeconds = 0;
  const stageSeconds: Record<string, number> = {};
  for (const clip of clips) {
    audioSeconds += clip.audioSeconds;
    for (const [stage, milliseconds = 0] of Object.entries(clip.stageMilliseconds)) {
      stageSeconds[stage] = (stageSeconds[stage] ?? 0) + milliseconds / 1000;
    }
  }
  const workSeconds = Object.values(stageSeconds).reduce((sum, seconds) => sum + seconds, 0);
  const realTimeFactor = audioSeconds === 0 ? 0 : workSeconds / audioSeconds;
  return { audioSeconds, workSeconds, realTimeFactor, wallSeconds, stageSeconds };
}
