import { relative } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { an4 } from '../../../src/cli/prepare/an4.ts';
import type { Corpus } from '../../../src/cli/prepare/corpus.ts';
import { fsdd } from '../../../src/cli/prepare/fsdd.ts';
import { librispeech } from '../../../src/cli/prepare/librispeech.ts';
import { speechCommands } from '../../../src/cli/prepare/speech-commands.ts';
import { speechocean762 } from '../../../src/cli/prepare/speechocean762.ts';
import { plantTree, type Tree } from './corpus-tree.ts';

let tree: Tree;
afterEach(() => tree.remove());

/** Plants the files and reads them as the corpus: `split path speaker: text` a clip. */
async function readClips(
  corpus: Corpus,
  files: Record<string, string>,
  {
    below = '.',
    devSpeakers = corpus.defaultDevSpeakers ?? [],
  }: { below?: string; devSpeakers?: readonly string[] } = {},
): Promise<string[]> {
  tree = plantTree(files);
  const source = `${tree.root}/${below}`;
  const clips = await corpus.read(source, { devSpeakers: new Set(devSpeakers) });
  return clips.map(
    ({ split, path, speaker, text }) => `${split} ${relative(tree.root, path)} ${speaker}: ${text}`,
  );
}

describe('fsdd', () => {
  it('splits by the number of the recording and takes the digit from the name', async () => {
    const clips = await readClips(fsdd, {
      'recordings/7_theo_5.wav': '',
      'recordings/0_george_0.wav': '',
      'recordings/0_george_4.wav': '',
      'recordings/7_theo_44.wav': '',
      'recordings/9_theo_45.wav': '',
      'README.md': '',
    });
    expect(clips).toEqual([
      'test recordings/0_george_0.wav george: zero',
      'test recordings/0_george_4.wav george: zero',
      'train recordings/7_theo_44.wav theo: seven',
      'train recordings/7_theo_5.wav theo: seven',
      'dev recordings/9_theo_45.wav theo: nine',
    ]);
  });

  it('refuses a recording whose name it does not understand', async () => {
    await expect(readClips(fsdd, { 'recordings/ten_theo_1.wav': '' })).rejects.toThrow(
      'ten_theo_1.wav: expected {digit}_{speaker}_{index}.wav',
    );
  });
});

describe('speech-commands', () => {
  it('follows the two lists, takes the speaker from the name, leaves noise out', async () => {
    const clips = await readClips(speechCommands, {
      'validation_list.txt': 'two/bb_nohash_1.wav\n',
      'testing_list.txt': 'one/cc_nohash_0.wav\r\n',
      'one/aa_nohash_0.wav': '',
      'one/cc_nohash_0.wav': '',
      'two/bb_nohash_1.wav': '',
      '_background_noise_/pink_noise.wav': '',
    });
    expect(clips).toEqual([
      'train one/aa_nohash_0.wav aa: one',
      'test one/cc_nohash_0.wav cc: one',
      'dev two/bb_nohash_1.wav bb: two',
    ]);
  });
});

describe('an4', () => {
  const transcriptions = {
    'etc/an4_train.transcription':
      '<s> ENTER SIX </s> (an1-fash-b)\n<s> ++noise++ ONE OH <sil> TWO </s> (an2-flrp-b)\n',
    'etc/an4_test.transcription': 'GO (an3-fcaw-b)\n',
  };

  it('finds recordings by id, drops marks, and holds the dev speakers out of the training part', async () => {
    const clips = await readClips(an4, {
      ...transcriptions,
      'wav/an4_clstk/fash/an1-fash-b.sph': '',
      'wav/an4_clstk/flrp/an2-flrp-b.raw': '',
      'wav/an4test_clstk/fcaw/an3-fcaw-b.sph': '',
    });
    expect(clips).toEqual([
      'train wav/an4_clstk/fash/an1-fash-b.sph fash: ENTER SIX',
      'dev wav/an4_clstk/flrp/an2-flrp-b.raw flrp: ONE OH TWO',
      'test wav/an4test_clstk/fcaw/an3-fcaw-b.sph fcaw: GO',
    ]);
  });

  it('names the line whose recording is not there', async () => {
    await expect(readClips(an4, transcriptions)).rejects.toThrow(
      'an4_train.transcription:1: no recording an1-fash-b',
    );
  });
});

describe('speechocean762', () => {
  const files = {
    'train/text': '000010011\tMARK IS GOING\n000260001\tLAYLA\n',
    'train/wav.scp': '000010011\tWAVE/SPEAKER0001/000010011.WAV\n000260001\tWAVE/b.WAV\n',
    'train/utt2spk': '000010011\t0001\n000260001\t0026\n',
    'test/text': '000030012 IT IS NICE\n',
    'test/wav.scp': '000030012 WAVE/SPEAKER0003/000030012.WAV\n',
    'test/utt2spk': '000030012 0003\n',
  };

  it('joins the three tables and holds the dev speakers out of the training part', async () => {
    expect(await readClips(speechocean762, files)).toEqual([
      'train WAVE/SPEAKER0001/000010011.WAV 0001: MARK IS GOING',
      'dev WAVE/b.WAV 0026: LAYLA',
      'test WAVE/SPEAKER0003/000030012.WAV 0003: IT IS NICE',
    ]);
  });

  it('names the utterance that a table lacks', async () => {
    const lacking = { ...files, 'train/utt2spk': '000010011\t0001\n' };
    await expect(readClips(speechocean762, lacking)).rejects.toThrow(
      'text:2: 000260001 has no line in utt2spk',
    );
  });
});

describe('librispeech', () => {
  const files = {
    'LibriSpeech/train-clean-5/1088/134315/1088-134315.trans.txt':
      '1088-134315-0000 AS YOU KNOW\n1088-134315-0001 IT IS\n',
    'LibriSpeech/train-clean-5/7367/86737/7367-86737.trans.txt': '7367-86737-0000 CHAPTER ONE\n',
    'LibriSpeech/test-clean/61/70968/61-70968.trans.txt': '61-70968-0000 HE BEGAN\n',
    'LibriSpeech/SPEAKERS.TXT': '',
  };

  it('reads every chapter, and the split from the name of the subset', async () => {
    expect(await readClips(librispeech, files, { below: 'LibriSpeech' })).toEqual([
      'test LibriSpeech/test-clean/61/70968/61-70968-0000.flac 61: HE BEGAN',
      'train LibriSpeech/train-clean-5/1088/134315/1088-134315-0000.flac 1088: AS YOU KNOW',
      'train LibriSpeech/train-clean-5/1088/134315/1088-134315-0001.flac 1088: IT IS',
      'dev LibriSpeech/train-clean-5/7367/86737/7367-86737-0000.flac 7367: CHAPTER ONE',
    ]);
  });

  it('takes one subset’s folder as well, and other dev speakers', async () => {
    const clips = await readClips(librispeech, files, {
      below: 'LibriSpeech/train-clean-5',
      devSpeakers: ['1088'],
    });
    expect(clips.map((clip) => clip.split(' ')[0])).toEqual(['dev', 'dev', 'train']);
  });

  it('refuses a folder without transcripts, and one whose subset it does not know', async () => {
    await expect(readClips(librispeech, { 'a.txt': '' })).rejects.toThrow('no *.trans.txt below');
    tree.remove();
    const strange = { 'mine/1/2/1-2.trans.txt': '1-2-0000 A\n' };
    await expect(readClips(librispeech, strange)).rejects.toThrow('expected a subset train-*');
  });
});
