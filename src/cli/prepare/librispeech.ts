import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Corpus, SourceClip, Split } from './corpus.ts';
import { filesBelow, keyAndRest, linesOf } from './files.ts';

export const librispeech: Corpus = {
  name: 'librispeech',
  summary: 'LibriSpeech: read books, CC BY 4.0',
  help: `
The folder is an unpacked LibriSpeech of https://www.openslr.org/12/ or https://www.openslr.org/31/, or
one of its subsets ({subset}/{speaker}/{chapter}/*.trans.txt and *.flac). Subsets called dev-* and
test-* are the dev and test parts; the dev speakers are held out of train-*.`,
  defaultDevSpeakers: ['7367', '7859'],
  async read(source, { devSpeakers }) {
    const clips: SourceClip[] = [];
    for (const transcript of await filesBelow(source, /\.trans\.txt$/u)) {
      const [speaker, chapter] = basename(transcript).split(/[-.]/u);
      const part = partOf(source, transcript);
      const split = part === 'train' && devSpeakers.has(speaker!) ? 'dev' : part;
      const folder = dirname(transcript);
      if (basename(folder) !== chapter)
        throw new Error(
          `${transcript}: expected {speaker}/{chapter}/{speaker}-{chapter}.trans.txt`,
        );
      for (const { text: line } of await linesOf(transcript)) {
        const [id, text] = keyAndRest(line);
        clips.push({ split, path: join(folder, `${id}.flac`), text, speaker: speaker! });
      }
    }
    if (clips.length === 0) throw new Error(`${source}: no *.trans.txt below it`);
    return clips;
  },
};

/** The subset is the folder above the speaker's; the source may be that folder itself. */
function partOf(source: string, transcript: string): Split {
  const folders = relative(dirname(resolve(source)), resolve(transcript)).split(sep);
  const subset = folders.at(-4) ?? '';
  const part = /^(train|dev|test)-/u.exec(subset)?.[1];
  if (part === undefined)
    throw new Error(`${transcript}: expected a subset train-*, dev-* or test-*, got "${subset}"`);
  return part as Split;
}
