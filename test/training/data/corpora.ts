import { Random } from '../../../src/math/random.ts';
import { augmentationSchema } from '../../../src/training/augmentation/config.ts';
import type { BatchSourceDefinition } from '../../../src/training/data/batch-source.ts';
import { dataSchema } from '../../../src/training/data/config.ts';
import type { Corpus } from '../../../src/training/data/corpus.ts';
import { packAudio, toInt16 } from '../../../src/training/data/packed-audio.ts';
import { kaldiRecipe } from '../../features/kaldi-recipes.ts';

export const sampleRateHz = 8000;

/** Silence, a tone burst in faint noise, silence: enough of a "word" for all that looks at energy. */
export function burst(seconds: number, frequencyHz: number, random: Random): Float32Array {
  const samples = new Float32Array(Math.round(seconds * sampleRateHz));
  for (let n = 0; n < samples.length; n++) {
    const isLoud = n > samples.length * 0.3 && n < samples.length * 0.7;
    samples[n] =
      0.001 * random.gaussian() +
      (isLoud ? 0.3 * Math.sin((2 * Math.PI * frequencyHz * n) / sampleRateHz) : 0);
  }
  return samples;
}

/** A corpus of bursts for these texts, each said by every speaker. */
export function makeCorpus(
  texts: readonly string[],
  speakers: readonly string[] = ['anna', 'ben'],
  secondsPerWord = 0.5,
): Corpus {
  const random = new Random(17);
  const clips: Int16Array[] = [];
  const rows: Corpus['rows'][number][] = [];
  for (const speaker of speakers) {
    for (const text of texts) {
      const words = text.split(' ').filter(Boolean);
      const seconds = secondsPerWord * Math.max(1, words.length);
      clips.push(toInt16(burst(seconds, random.uniform(200, 3000), random)));
      rows.push({
        audioPath: `${speaker}-${text}.wav`,
        seconds,
        offsetSeconds: undefined,
        words,
        speaker,
        corpus: 'bursts',
        line: rows.length + 1,
      });
    }
  }
  return { manifest: 'bursts.jsonl', rows, audio: packAudio(sampleRateHz, clips) };
}

export const alphabet = {
  kind: 'words' as const,
  labels: ['<blank>', '<other>', 'one', 'two', 'three'],
  blank: 0,
  filler: 1,
};

/** A small definition with a source of every kind. */
export function makeDefinition(change: Partial<BatchSourceDefinition> = {}): BatchSourceDefinition {
  const single = { manifest: 'single' };
  return {
    seed: 5,
    data: dataSchema.parse({
      batchSize: 6,
      bucketSteps: 4,
      maxSeconds: 4,
      sources: [
        { name: 'words', kind: 'single', weight: 1, pools: [single] },
        {
          name: 'strings',
          kind: 'assembled',
          weight: 1,
          pools: [{ ...single, text: 'inside' }],
          fillers: { probability: 0.2, pools: [{ ...single, text: 'outside' }] },
        },
        {
          name: 'recordings',
          kind: 'utterances',
          weight: 1,
          pools: [{ manifest: 'connected' }],
          join: { probability: 0.3 },
          cropSeconds: [1, 2],
        },
        { name: 'background', kind: 'background', weight: 0.5 },
      ],
    }),
    augmentation: augmentationSchema.parse({}),
    recipe: {
      ...kaldiRecipe('log-mel', sampleRateHz, 20),
      lowHz: 60,
      highHz: 3800,
      stack: 3,
      stride: 3,
    },
    alphabet,
    corpora: {
      single: makeCorpus(['one', 'two', 'three', 'hello']),
      connected: makeCorpus([
        'one two three',
        'two two',
        'say one',
        'hello there my dear old friend of mine and all the others',
      ]),
    },
    noise: packAudio(sampleRateHz, [toInt16(burst(2, 900, new Random(23)))]),
    ...change,
  };
}
