/** Plays the recording, or a stretch of it, and tells where it is. */
export class Player {
  private readonly audio: HTMLAudioElement;
  private url: string | undefined;
  private stopAtSeconds = Number.POSITIVE_INFINITY;
  /** Called with the place in seconds, many times a second while it plays, and when it is moved. */
  onMove: (seconds: number) => void = () => {};

  constructor(audio: HTMLAudioElement) {
    this.audio = audio;
    audio.addEventListener('play', () => requestAnimationFrame(() => this.follow()));
    audio.addEventListener('seeking', () => this.onMove(audio.currentTime));
    audio.addEventListener('pause', () => {
      this.stopAtSeconds = Number.POSITIVE_INFINITY;
    });
  }

  load(file: File): void {
    if (this.url !== undefined) URL.revokeObjectURL(this.url);
    this.url = URL.createObjectURL(file);
    this.audio.src = this.url;
  }

  /** Plays from one time to another, both in seconds. */
  async playSpan(startSeconds: number, endSeconds: number): Promise<void> {
    this.audio.currentTime = startSeconds;
    this.stopAtSeconds = endSeconds;
    try {
      await this.audio.play();
    } catch {
      // Interrupted by another click, or a format that this browser cannot play: its controls show that.
    }
  }

  seek(seconds: number): void {
    this.audio.currentTime = seconds;
  }

  private follow(): void {
    const { currentTime, paused } = this.audio;
    this.onMove(currentTime);
    if (currentTime >= this.stopAtSeconds) this.audio.pause();
    else if (!paused) requestAnimationFrame(() => this.follow());
  }
}
