import { basename, extname, join } from 'node:path';
import type { Corpus, SourceClip } from './corpus.ts';
import { filesBelow, linesOf } from './files.ts';

export const an4: Corpus = {
  name: 'an4',
  summary: 'CMU AN4: spelled names, numbers and dates, free for any use with its notice',
  help: `
The folder is an unpacked an4_sphere.tar.gz or an4_raw.*.tar.gz of http://www.speech.cs.cmu.edu/databases/an4/
(wav/an4_clstk/{speaker}/*.sph or *.raw, etc/an4_train.transcription, etc/an4_test.transcription).
The test part is the official one; the dev speakers are held out of the training part. Recordings are
converted to WAV under --out; *.raw needs --raw-byte-order, as the archive's name says.`,
  defaultDevSpeakers: ['flrp', 'fwxs', 'mblw', 'mbmg', 'mkem', 'mmaf', 'msct', 'mwhw'],
  async read(source, { devSpeakers }) {
    const recordings = new Map(
      (await filesBelow(source, /\.(?:sph|raw|wav|flac)$/u)).map((path) => [
        basename(path, extname(path)),
        path,
      ]),
    );
    const clips: SourceClip[] = [];
    for (const part of ['train', 'test'] as const) {
      const transcription = join(source, 'etc', `an4_${part}.transcription`);
      for (const { text: line, where } of await linesOf(transcription)) {
        const match = /^(.*?)\s*\(([^()\s]+)\)$/u.exec(line);
        if (match === null) throw new Error(`${where}: expected words and (id), got "${line}"`);
        const id = match[2]!;
        const path = recordings.get(id);
        if (path === undefined) throw new Error(`${where}: no recording ${id} under ${source}`);
        const speaker = id.split('-')[1];
        if (speaker === undefined) throw new Error(`${where}: no speaker in the id ${id}`);
        const words = match[1]!.split(/\s+/u).filter((word) => !isMark(word));
        const split = part === 'train' && devSpeakers.has(speaker) ? 'dev' : part;
        clips.push({ split, path, text: words.join(' '), speaker });
      }
    }
    return clips;
  },
};

/** Sphinx's marks: <s>, </s>, <sil>, ++noise++. */
function isMark(word: string): boolean {
  return /^<.*>$|^\+\+.*\+\+$/u.test(word);
}
