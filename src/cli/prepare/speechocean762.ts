import { join } from 'node:path';
import type { Corpus, SourceClip } from './corpus.ts';
import { keyAndRest, linesOf } from './files.ts';

export const speechocean762: Corpus = {
  name: 'speechocean762',
  summary: 'SpeechOcean762: English sentences by native speakers of Mandarin, free for any use',
  help: `
The folder is an unpacked speechocean762.tar.gz of https://www.openslr.org/101/ (train and test with
text, wav.scp and utt2spk in each, WAVE beside them). The test part is the official one; the dev
speakers are held out of the training part.`,
  defaultDevSpeakers: [
    '0026',
    '0053',
    '0070',
    '0104',
    '0135',
    '1309',
    '1362',
    '2208',
    '5218',
    '5414',
    '6401',
    '9070',
  ],
  async read(source, { devSpeakers }) {
    const clips: SourceClip[] = [];
    for (const part of ['train', 'test'] as const) {
      const [recordings, speakers] = await Promise.all([
        readTable(join(source, part, 'wav.scp')),
        readTable(join(source, part, 'utt2spk')),
      ]);
      for (const { text: line, where } of await linesOf(join(source, part, 'text'))) {
        const [id, text] = keyAndRest(line);
        const path = recordings.get(id);
        const speaker = speakers.get(id);
        if (path === undefined) throw new Error(`${where}: ${id} has no line in wav.scp`);
        if (speaker === undefined) throw new Error(`${where}: ${id} has no line in utt2spk`);
        const split = part === 'train' && devSpeakers.has(speaker) ? 'dev' : part;
        clips.push({ split, path: join(source, path), text, speaker });
      }
    }
    return clips;
  },
};

async function readTable(path: string): Promise<Map<string, string>> {
  return new Map((await linesOf(path)).map(({ text }) => keyAndRest(text)));
}
