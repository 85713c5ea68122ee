import type { ModelManifest } from '../../recognition/model-manifest.ts';
import { describeLayers } from './describe.ts';
import { shellBlock } from './markdown.ts';

type HybridSection = NonNullable<ModelManifest['hybrid']>;

/** The hybrid of network and hidden Markov model: what it is, how it was trained, and what else was tried. */
export function hybridParts({ graph, architecture, definition, card }: HybridSection): string[] {
  return [
    '## The hybrid',
    `A network scores the states of a hidden Markov model (Graves et al. 2006). ${describeLayers(architecture)},` +
      ` then a linear layer and a softmax over the states; \`${graph.file}\` (sha256 \`${graph.sha256}\`) gives` +
      ' ln of the posterior probability of every state over its prior for each row of the features that the' +
      ` CTC network reads. \`${definition.file}\` (sha256 \`${definition.sha256}\`) is to it what \`hmm.json\` is to` +
      ' the Gaussians, and the decoder is the same.',
    ...(card === undefined ? [] : trainingParts(card)),
  ];
}

function trainingParts({ training, tried }: NonNullable<HybridSection['card']>): string[] {
  const { steps, seed, hours, machine, date, command } = training;
  return [
    'It was trained frame by frame: the hidden Markov model above says which of its states, several in a row as' +
      ' one, each frame of a recording belongs to. It began as the CTC network with a new output layer; the' +
      ` weights are those after ${steps} steps with seed ${seed}, the best on the dev sets; training took ${hours}` +
      ` hours on ${machine} and ended on ${date}. This command makes it again:`,
    shellBlock([`npx ${command}`]),
    ...(tried.length === 0
      ? []
      : ['What was tried:', tried.map((attempt) => `- ${attempt}`).join('\n')]),
  ];
}
