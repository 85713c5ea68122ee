import type { AlphabetDefinition } from '../../alphabet/definition.ts';
import { type FeatureRecipe, featureDims } from '../../features/recipe.ts';
import type { ModelManifest } from '../../recognition/model-manifest.ts';
import { listInWords } from './markdown.ts';

const milliseconds = (seconds: number): string => `${Number((1000 * seconds).toFixed(3))} ms`;
const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const counted = (count: number, noun: string): string =>
  `${small[count] ?? count} ${noun}${count === 1 ? '' : 's'}`;

/**
 * How recordings become features, as sentences.
 * @param reader what reads the rows: "The network"
 */
export function describeFeatures(recipe: FeatureRecipe, reader: string): string {
  const { sampleRateHz, frameLengthSeconds, frameShiftSeconds, stack, stride } = recipe;
  const sentences = [
    `Recordings are mixed to one channel and resampled to ${sampleRateHz} Hz.`,
    `Every ${milliseconds(frameShiftSeconds)} a frame of ${milliseconds(frameLengthSeconds)}` +
      ` (${framePreparation(recipe)}) gives ${coefficients(recipe)}.`,
    ...deltaSentences(recipe),
    ...normalisationSentences(recipe),
  ];
  if (stack > 1 || stride > 1)
    sentences.push(
      `${capital(counted(stack, 'successive frame'))} ${stack === 1 ? 'is' : 'are'} joined to a row,` +
        ` and a row starts every ${counted(stride, 'frame')}.`,
    );
  sentences.push(
    `${reader} reads rows of ${featureDims(recipe)} numbers,` +
      ` one every ${milliseconds(frameShiftSeconds * stride)}.`,
  );
  return sentences.join(' ');
}

function framePreparation({ removeDcOffset, preemphasis, window }: FeatureRecipe): string {
  return listInWords([
    ...(removeDcOffset ? ['mean removed'] : []),
    ...(preemphasis > 0 ? [`pre-emphasis ${preemphasis}`] : []),
    `${window} window`,
  ]);
}

function coefficients(recipe: FeatureRecipe): string {
  const { melBins, lowHz, highHz, useEnergy } = recipe;
  const filters = `${melBins} mel filters between ${lowHz} and ${highHz} Hz`;
  if (recipe.kind === 'log-mel')
    return `the log energies of ${filters}${useEnergy ? ', before them its own log energy' : ''}`;
  const lifter = recipe.lifter > 0 ? `, lifter ${recipe.lifter}` : '';
  const energy = useEnergy ? ', its log energy in place of the first' : '';
  return `${recipe.cepstra} cepstral coefficients (MFCC) of ${filters}${lifter}${energy}`;
}

function deltaSentences({ deltas }: FeatureRecipe): string[] {
  if (deltas.order === 0) return [];
  const reach = `over ${counted(deltas.window, 'frame')} on either side`;
  return [`Deltas up to order ${deltas.order} are added, ${reach}.`];
}

function normalisationSentences({ normalisation }: FeatureRecipe): string[] {
  switch (normalisation.kind) {
    case 'none':
      return [];
    case 'global':
      return [
        'Each dimension is normalised by a mean and a deviation measured on the training data.',
      ];
    case 'utterance': {
      const figures = normalisation.variance ? 'mean and deviation' : 'mean';
      return [`Each dimension is normalised by its ${figures} over the recording.`];
    }
    case 'adapted':
      return [
        'The first dimension is taken relative to the loud frames of the recording. Each is then normalised' +
          ' by its mean and deviation over the recording, as if' +
          ` ${counted(normalisation.priorFrames, 'frame')} with those of the training data had gone before.`,
      ];
  }
}

/** The network and what comes out of it, as sentences. */
export function describeNetwork({ ctc, alphabet }: ModelManifest): string {
  return (
    `${describeLayers(ctc.architecture)}, then a linear layer and a softmax over` +
    ` ${alphabet.labels.length} labels for each row, trained with CTC. ${describeLabels(alphabet)}`
  );
}

/** Recurrent layers, as the beginning of a sentence. */
export function describeLayers(architecture: ModelManifest['ctc']['architecture']): string {
  const { cell, bidirectional, layers, hidden } = architecture;
  const direction = bidirectional ? 'bidirectional' : 'forward';
  const size = bidirectional ? `${hidden} cells a direction` : `${hidden} cells`;
  const kind = `${direction} ${cell === 'lstm' ? 'LSTM' : 'Elman RNN'}`;
  return `${capital(counted(layers, `${kind} layer`))} of ${size}`;
}

function describeLabels({ kind, labels, blank, filler }: AlphabetDefinition): string {
  const own = labels.filter((_, index) => index !== blank && index !== filler);
  const names = kind === 'words' ? own.join(', ') : own.map((label) => `“${label}”`).join(' ');
  const others = [
    'the blank',
    ...(filler === undefined ? [] : ['a filler for any other word, which is never printed']),
  ];
  return `The labels are ${kind}: ${names}; besides, ${listInWords(others)}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
