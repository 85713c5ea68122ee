import type { ModelCard, ModelManifest } from '../../../src/recognition/model-manifest.ts';
import { tinyRecipe } from '../../support/tiny-model.ts';

export const conditions = {
  choseWeights: true,
  decoder: 'ctc_greedy',
  date: '2026-01-31',
  command: 'sori evaluate --model models/tiny --manifest corpora/dev.jsonl',
};

/** A card with everything in it; as a test writes it, nothing was measured. */
export const fullCard: ModelCard = {
  summary: 'What the tests of cards show.',
  trainedOn: [
    { corpus: 'Tones', licence: 'CC0', clips: 40, hours: 0.25, speakers: 3 },
    { corpus: 'Bursts | clicks', licence: 'CC BY 4.0', clips: 1960, hours: 1.5, speakers: 5 },
  ],
  training: {
    steps: 1200,
    seed: 3,
    hours: 1.25,
    machine: '2 cores of a test machine',
    date: '2026-01-30',
    command: 'sori train ctc models/tiny/training.json --corpora corpora',
  },
  errorRates: [
    {
      score: 'wordErrors',
      set: 'tones',
      clips: 100,
      minutes: 4.02,
      words: 400,
      wordErrorRate: 0.03,
      substitutions: 5,
      deletions: 4,
      insertions: 3,
      sentenceErrorRate: 0.11,
      goal: 0.03,
      ...conditions,
    },
    {
      score: 'wordErrors',
      set: 'bursts',
      clips: 10,
      minutes: 0.5,
      words: 40,
      wordErrorRate: 0.07500000001,
      substitutions: 3,
      deletions: 0,
      insertions: 0,
      sentenceErrorRate: 0.2,
      goal: 0.075,
      ...conditions,
    },
    {
      score: 'falseWords',
      set: 'books',
      clips: 176,
      minutes: 36.04,
      falseWords: 18,
      falseWordsPerMinute: 18 / 36.04,
      ...conditions,
      choseWeights: false,
    },
  ],
  notes: ['English alone.', '"oh" was heard from few voices.'],
};

export const manifest: ModelManifest = {
  format: 1,
  name: 'tiny',
  language: 'en',
  description: 'Numbers up to two',
  features: tinyRecipe,
  alphabet: {
    kind: 'words',
    labels: ['<blank>', '<other>', 'zero', 'one', 'two'],
    blank: 0,
    filler: 1,
  },
  ctc: {
    file: 'ctc.onnx',
    sha256: '0123456789abcdef'.repeat(4),
    architecture: { cell: 'lstm', bidirectional: true, layers: 2, hidden: 16 },
  },
  card: fullCard,
};
