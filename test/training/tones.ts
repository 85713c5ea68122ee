import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeWav } from '../../src/audio/wav.ts';
import { Random } from '../../src/math/random.ts';
import {
  type TrainingConfiguration,
  trainingConfigurationSchema,
} from '../../src/training/configuration.ts';
import { kaldiRecipe } from '../features/kaldi-recipes.ts';

const sampleRateHz = 8000;
const toneHz: Record<string, number> = { low: 300, middle: 900, high: 2200 };

/** Augmentation that leaves recordings as they are: quick to make and quick to learn. */
export const unvaried = Object.fromEntries(
  [
    ...[
      'cut',
      'speed',
      'pad',
      'reverberation',
      'equalisation',
      'band',
      'noise',
      'level',
      'overload',
    ],
    ...['vocalTract', 'masking'],
  ].map((step) => [step, { probability: 0 }]),
);

/**
 * Writes `manifest.jsonl` and recordings in a "language" of three tones: a recording is a row of words, a
 * tone in faint noise each. The speakers take turns.
 */
export async function writeToneCorpus(
  folder: string,
  seed: number,
  clips: number,
  speakers: readonly string[] = ['tone'],
): Promise<void> {
  const random = new Random(seed);
  await mkdir(join(folder, 'audio'), { recursive: true });
  const rows: string[] = [];
  for (let clip = 0; clip < clips; clip++) {
    const words = Array.from({ length: 1 + random.integer(3) }, () =>
      random.pick(Object.keys(toneHz)),
    );
    const wordSamples = 0.3 * sampleRateHz;
    const samples = Float32Array.from({ length: words.length * wordSamples }, (_, n) => {
      const frequency = toneHz[words[Math.floor(n / wordSamples)]!]!;
      const inWord = (n % wordSamples) / wordSamples;
      const tone = inWord < 0.6 ? 0.3 * Math.sin((2 * Math.PI * frequency * n) / sampleRateHz) : 0;
      return tone + 0.003 * random.gaussian();
    });
    const path = `audio/${clip}.wav`;
    await writeFile(join(folder, path), encodeWav({ sampleRateHz, samples }));
    const duration = samples.length / sampleRateHz;
    const row = {
      audio_filepath: path,
      duration,
      text: words.join(' '),
      speaker: speakers[clip % speakers.length],
      corpus: 'tones',
    };
    rows.push(JSON.stringify(row));
  }
  await writeFile(join(folder, 'manifest.jsonl'), `${rows.join('\n')}\n`);
}

/** A small network that learns the tones from `train/manifest.jsonl`, tested on `dev/manifest.jsonl`. */
export function toneConfiguration(change: Record<string, unknown> = {}): TrainingConfiguration {
  return trainingConfigurationSchema.parse({
    name: 'tones',
    language: 'en',
    description: 'Three tones',
    architecture: { layers: 1, hidden: 12 },
    features: {
      ...kaldiRecipe('log-mel', sampleRateHz, 16),
      lowHz: 60,
      highHz: 3800,
      stack: 3,
      stride: 3,
    },
    normalisationExamples: 50,
    alphabet: { kind: 'words', labels: ['<blank>', 'low', 'middle', 'high'], blank: 0 },
    data: {
      batchSize: 8,
      bucketSteps: 2,
      maxSeconds: 3,
      sources: [
        {
          name: 'tones',
          kind: 'utterances',
          weight: 1,
          pools: [{ manifest: 'train/manifest.jsonl' }],
        },
      ],
    },
    dropout: { hidden: 0.1 },
    weightNoise: 0.01,
    schedule: { learningRate: 0.02, warmupSteps: 10 },
    averagingDecay: 0.9,
    steps: 160,
    evaluateEvery: 40,
    devSets: [{ name: 'tones', manifest: 'dev/manifest.jsonl' }],
    corpora: [{ corpus: 'tones', licence: 'CC0', manifests: ['train/manifest.jsonl'] }],
    ...change,
  });
}
