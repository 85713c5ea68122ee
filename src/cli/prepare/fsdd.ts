import { join } from 'node:path';
import type { Corpus, Split } from './corpus.ts';
import { namesIn } from './files.ts';

const digits = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** The corpus's own rule: recordings 0 to 4 of each digit and speaker are the test part. */
const firstTrainIndex = 5;
/** Ours: of the 50 recordings of each digit and speaker, the last five are the dev part. */
const firstDevIndex = 45;

export const fsdd: Corpus = {
  name: 'fsdd',
  summary: 'Free Spoken Digit Dataset: single digits by six speakers, CC BY-SA 4.0',
  help: `
The folder is a clone of https://github.com/Jakobovski/free-spoken-digit-dataset
(recordings/{digit}_{speaker}_{index}.wav). Recordings 0 to 4 are the official test part; 45 and up
become the dev part. Speakers are the same in all parts.`,
  async read(source) {
    const folder = join(source, 'recordings');
    return (await namesIn(folder, 'file'))
      .filter((name) => name.endsWith('.wav'))
      .map((name) => {
        const match = /^(\d)_([^_]+)_(\d+)\.wav$/u.exec(name);
        if (match === null)
          throw new Error(`${join(folder, name)}: expected {digit}_{speaker}_{index}.wav`);
        const [, digit, speaker, index] = match;
        return {
          split: splitOf(Number(index)),
          path: join(folder, name),
          text: digits[Number(digit)]!,
          speaker: speaker!,
        };
      });
  },
};

function splitOf(index: number): Split {
  if (index < firstTrainIndex) return 'test';
  return index < firstDevIndex ? 'train' : 'dev';
}
