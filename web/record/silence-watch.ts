/** Loudness of a block in decibels below full scale; −∞ for silence of zeros. */
export function levelOf(samples: Float32Array): number {
  let power = 0;
  for (const sample of samples) power += sample * sample;
  return 10 * Math.log10(power / Math.max(1, samples.length));
}

/** Below this nothing is speech, however quiet the room is. */
const quietestSpeechDecibels = -50;
/** Above this everything is speech: a recording may begin in the middle of a word. */
const loudestSilenceDecibels = -25;
/** Speech stands out of the quietest that was heard by so much. */
const aboveQuietestDecibels = 15;
/** A pause between digits is shorter. */
const pauseSeconds = 1.5;
/** Nobody has said anything. */
const patienceSeconds = 10;

/** Notices that someone spoke and has stopped, or never began. */
export class SilenceWatch {
  private quietest = Number.POSITIVE_INFINITY;
  private spoke = false;
  private silentSeconds = 0;

  /**
   * Takes the next block.
   *
   * @returns whether the recording is over
   */
  add(decibels: number, blockSeconds: number): boolean {
    if (Number.isFinite(decibels)) this.quietest = Math.min(this.quietest, decibels);
    const standingOut = Math.max(quietestSpeechDecibels, this.quietest + aboveQuietestDecibels);
    const threshold = Math.min(loudestSilenceDecibels, standingOut);
    if (decibels > threshold) {
      this.spoke = true;
      this.silentSeconds = 0;
      return false;
    }
    this.silentSeconds += blockSeconds;
    return this.silentSeconds >= (this.spoke ? pauseSeconds : patienceSeconds);
  }
}
