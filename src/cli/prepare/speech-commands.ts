import { join } from 'node:path';
import type { Corpus } from './corpus.ts';
import { linesOf, namesIn } from './files.ts';

export const speechCommands: Corpus = {
  name: 'speech-commands',
  summary: 'Google Speech Commands: single words by thousands of speakers, CC BY 4.0',
  help: `
The folder is an unpacked speech_commands_v0.01.tar.gz or v0.02 of
https://www.tensorflow.org/datasets/catalog/speech_commands (one folder a word, validation_list.txt
and testing_list.txt beside them). The lists are the dev and test parts, the rest is for training;
speakers are never in two parts. Folders that begin with _ (background noise) are left out.`,
  async read(source) {
    const [dev, test] = await Promise.all(
      ['validation_list.txt', 'testing_list.txt'].map(
        async (list) => new Set((await linesOf(join(source, list))).map(({ text }) => text)),
      ),
    );
    const words = (await namesIn(source, 'folder')).filter((name) => !/^[_.]/u.test(name));
    const clips = await Promise.all(
      words.map(async (word) => {
        const names = await namesIn(join(source, word), 'file');
        return names
          .filter((name) => name.endsWith('.wav'))
          .map((name) => {
            const path = join(source, word, name);
            const [speaker, rest] = name.split('_nohash_');
            if (rest === undefined)
              throw new Error(`${path}: expected {speaker}_nohash_{index}.wav`);
            const listed = `${word}/${name}`;
            const split = dev!.has(listed) ? 'dev' : test!.has(listed) ? 'test' : 'train';
            return { split, path, text: word, speaker: speaker! } as const;
          });
      }),
    );
    return clips.flat();
  },
};
