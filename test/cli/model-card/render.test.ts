import { describe, expect, it } from 'vitest';
import { describeFeatures, describeNetwork } from '../../../src/cli/model-card/describe.ts';
import { renderModelCard } from '../../../src/cli/model-card/render.ts';
import type { FeatureRecipe } from '../../../src/features/recipe.ts';
import { type ModelCard, modelManifestSchema } from '../../../src/recognition/model-manifest.ts';
import { tinyRecipe } from '../../support/tiny-model.ts';
import { fullCard, manifest } from './cards.ts';

const rendered = (change: Partial<ModelCard> = {}): string =>
  renderModelCard({ ...manifest, card: { ...fullCard, ...change } });

/** The cells of the table row that begins with that name, without the bars' escapes. */
function row(markdown: string, name: string): string[] | undefined {
  const rows = markdown
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(2, -2)
        .split(/(?<!\\)\|/u)
        .map((cell) => cell.trim()),
    );
  return rows.find(([first]) => first === name);
}

describe('the rendered card', () => {
  it('is of a model.json that can be loaded', () => {
    expect(modelManifestSchema.parse(manifest)).toEqual(manifest);
  });

  it('says what the model is and how to use it', () => {
    const text = rendered();
    expect(text).toMatch(/^# tiny\n\nNumbers up to two\n\nWhat the tests of cards show\.\n/u);
    expect(text).toContain('npx sori transcribe --model tiny recording.wav');
    expect(text).toMatch(/curl -F file=@recording\.wav -F model=tiny http\S+\/v1\/audio\/transcr/u);
    expect(text).toContain(manifest.ctc.sha256);
    expect(text.endsWith('\n')).toBe(true);
    expect(text).not.toMatch(/undefined|NaN|\[object/u);
  });

  it('does not say the description twice', () => {
    const text = rendered({ summary: manifest.description });
    expect(text.split(manifest.description)).toHaveLength(2);
  });

  it('lists the corpora and adds them up', () => {
    const text = rendered();
    expect(row(text, 'Tones')).toEqual(['Tones', 'CC0', '40', '0.25', '3']);
    expect(row(text, 'Bursts \\| clicks')).toHaveLength(5);
    expect(row(text, 'all')).toEqual(['all', '', '2000', '1.75', '8']);
  });

  it('names steps, seed, time, machine and the one command', () => {
    const text = rendered();
    expect(text).toContain('after 1200 steps with seed 3');
    expect(text).toContain('took 1.25 hours on 2 cores of a test machine and ended on 2026-01-30');
    expect(text).toContain(
      '```sh\nnpx sori train ctc models/tiny/training.json --corpora corpora\n```',
    );
  });

  it('gives every word error rate with counts, goal, whether it is met, and the command', () => {
    const command = '`npx sori evaluate --model models/tiny --manifest corpora/dev.jsonl`';
    expect(row(rendered(), 'tones')).toEqual([
      ...['tones', '100', '4.0', '400', '5', '4', '3', '3.00 %', '11.00 %'],
      ...['≤ 3 %', 'yes', 'ctc_greedy', '2026-01-31', command],
    ]);
  });

  it('holds a rate against its goal before it is rounded', () => {
    expect(row(rendered(), 'bursts')!.slice(7, 11)).toEqual(['7.50 %', '20.00 %', '≤ 7.5 %', 'no']);
  });

  it('gives false words by the minute, and no verdict where there is no goal', () => {
    expect(row(rendered(), 'books')!.slice(0, 7)).toEqual([
      ...['books', '176', '36.0', '18', '0.50', '', ''],
    ]);
  });

  it('names the sets that chose the weights for what they are', () => {
    const text = rendered();
    expect(text).toContain('they are no test sets');
    expect(text).toContain('The weights were chosen by tones and bursts. Only watched: books.');
  });

  it('lists the notes', () => {
    expect(rendered()).toMatch(/\n- English alone\.\n- "oh" was heard from few voices\.\n$/u);
    const { notes: _, ...withoutNotes } = fullCard;
    expect(renderModelCard({ ...manifest, card: withoutNotes })).not.toContain('Limits and notes');
  });

  it('says so where nothing is measured yet, and where nobody wrote a card', () => {
    expect(rendered({ errorRates: [] })).toContain('Not measured yet: `npx sori card models/tiny');
    const { card: _, ...bare } = manifest;
    expect(renderModelCard(bare)).not.toMatch(/Training|Error rates/u);
  });
});

describe('features and network in words', () => {
  it('describes stacked log-mel frames', () => {
    expect(describeFeatures(tinyRecipe, 'The network')).toBe(
      'Recordings are mixed to one channel and resampled to 8000 Hz. Every 10 ms a frame of 25 ms' +
        ' (mean removed, pre-emphasis 0.97 and povey window) gives the log energies of 12 mel filters' +
        ' between 60 and 3800 Hz. Each dimension is normalised by its mean and deviation over the' +
        ' recording. Two successive frames are joined to a row, and a row starts every two frames. The' +
        ' network reads rows of 24 numbers, one every 20 ms.',
    );
  });

  it('describes MFCC with deltas', () => {
    const recipe: FeatureRecipe = {
      ...tinyRecipe,
      kind: 'mfcc',
      cepstra: 10,
      lifter: 22,
      useEnergy: true,
      deltas: { order: 2, window: 2 },
      normalisation: { kind: 'none' },
      stack: 1,
      stride: 1,
    };
    const text = describeFeatures(recipe, 'The model');
    expect(text).toContain(
      'gives 10 cepstral coefficients (MFCC) of 12 mel filters between 60 and 3800 Hz, lifter 22, its' +
        ' log energy in place of the first. Deltas up to order 2 are added, over two frames on either' +
        ' side. The model reads rows of 30 numbers, one every 10 ms.',
    );
  });

  it('describes the network and its labels', () => {
    expect(describeNetwork(manifest)).toBe(
      'Two bidirectional LSTM layers of 16 cells a direction, then a linear layer and a softmax over 5' +
        ' labels for each row, trained with CTC. The labels are words: zero, one, two; besides, the' +
        ' blank and a filler for any other word, which is never printed.',
    );
    const forward = describeNetwork({
      ...manifest,
      alphabet: { kind: 'characters', labels: ['<blank>', 'a', ' '], blank: 0 },
      ctc: {
        ...manifest.ctc,
        architecture: { cell: 'rnn', bidirectional: false, layers: 1, hidden: 4 },
      },
    });
    expect(forward).toMatch(/^One forward Elman RNN layer of 4 cells, /u);
    expect(forward).toMatch(/labels are characters: “a” “ ”; besides, the blank\.$/u);
  });

  it('says what was measured of times and confidences, where that was done', () => {
    expect(rendered()).not.toContain('## Times and confidences');
    const difference = { mean: 0.028, median: 0.02, ninetieth: 0.059, largest: 0.1 };
    const measured = { set: 'tones', words: 400, start: difference, end: difference };
    const map = { intercept: 0, low: 1, high: 1, wordless: 0 };
    const confidence = { decoder: 'hmm', count: 500, right: 450, before: 0.0808 } as const;
    const calibration = {
      confidence: { hmm: { word: map, text: map } },
      card: {
        date: '2026-01-31',
        seed: 1,
        command: 'sori calibrate models/tiny --corpora corpora',
        times: { manifests: ['corpora/train.jsonl'], words: 1884, measured: [measured] },
        confidence: [
          { ...confidence, of: 'words', set: 'all', after: 0.0128 },
          { ...confidence, of: 'texts', set: 'all', after: 0.2 },
        ] as const,
        plot: 'reliability.svg',
      },
    };
    const parsed = modelManifestSchema.parse({ ...manifest, calibration });
    const text = renderModelCard(parsed);
    expect(text).toContain('## Times and confidences');
    expect(text).toContain('1884 words of training clips (corpora/train.jsonl)');
    expect(text).toContain('| tones | ends | 400 | 28 | 20 | 59 | 100 |');
    expect(text).toContain('| hmm | words | all | 500 | 450 | 8.1 % | 1.3 % |');
    expect(text).toContain('(for words: hmm 1.3 %; for texts: hmm 20.0 %)');
    expect(text).toContain('](reliability.svg)');
    expect(text).toContain('npx sori calibrate models/tiny --corpora corpora');
    const { card: _, ...bare } = calibration;
    const silent = renderModelCard(modelManifestSchema.parse({ ...manifest, calibration: bare }));
    expect(silent).toBe(rendered());
  });
});
