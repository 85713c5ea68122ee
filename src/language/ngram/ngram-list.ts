/** n-grams of one length as they come, in arrays that grow. */
export class NgramList {
  length = 0;
  /** length; node of the history */
  histories = new Uint32Array(1024);
  /** length; number of the last word */
  words = new Uint32Array(1024);
  /** length; ln p(last word | history) */
  logProbs = new Float32Array(1024);
  /** length; ln back-off weight */
  logBackoffs = new Float32Array(1024);
  /** length; line of the file, from 1 */
  lines = new Uint32Array(1024);

  push(history: number, word: number, logProb: number, logBackoff: number, line: number): void {
    if (this.length === this.words.length) this.resize(2 * this.length);
    const index = this.length++;
    this.histories[index] = history;
    this.words[index] = word;
    this.logProbs[index] = logProb;
    this.logBackoffs[index] = logBackoff;
    this.lines[index] = line;
  }

  /** Gives back the room that is not used. */
  trim(): void {
    this.resize(this.length);
  }

  private resize(room: number): void {
    this.histories = resized(this.histories, room);
    this.words = resized(this.words, room);
    this.logProbs = resized(this.logProbs, room);
    this.logBackoffs = resized(this.logBackoffs, room);
    this.lines = resized(this.lines, room);
  }
}

/** The first entries of an array in one with room for so many, zeros behind them. */
export function resized<Numbers extends Uint32Array | Int32Array | Float32Array | Float64Array>(
  numbers: Numbers,
  room: number,
): Numbers {
  const larger = new (numbers.constructor as new (length: number) => Numbers)(room);
  larger.set(numbers.subarray(0, room));
  return larger;
}
