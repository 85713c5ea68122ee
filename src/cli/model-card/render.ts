import type {
  HmmCard,
  HmmSection,
  MeasuredErrorRate,
  ModelCard,
  ModelManifest,
} from '../../recognition/model-manifest.ts';
import { calibrationParts } from './calibration.ts';
import { describeFeatures, describeNetwork } from './describe.ts';
import { hybridParts } from './hybrid.ts';
import { listInWords, markdownTable, percent, shellBlock } from './markdown.ts';
import { isMet, shownGoal, shownRate } from './rates.ts';

/** The model card as Markdown: what `model.json` says, for people. Depends on nothing else. */
export function renderModelCard(manifest: ModelManifest): string {
  const { name, description, card, calibration } = manifest;
  const parts = [
    `# ${name}`,
    description,
    ...(card === undefined || card.summary === description ? [] : [card.summary]),
    '## Use',
    ...useParts(manifest),
    '## What it is',
    describeFeatures(manifest.features, 'The network'),
    describeNetwork(manifest),
    `\`${manifest.ctc.file}\` has the sha256 \`${manifest.ctc.sha256}\`.`,
    ...(manifest.hmm === undefined ? [] : hmmParts(manifest.hmm)),
    ...(manifest.hybrid === undefined ? [] : hybridParts(manifest.hybrid)),
    ...(card === undefined ? [] : cardParts(card, name)),
    ...(calibration === undefined ? [] : calibrationParts(calibration)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function useParts({ name }: ModelManifest): string[] {
  return [
    shellBlock([`npx sori transcribe --model ${name} recording.wav`]),
    'Or with the service running (`npm start`):',
    shellBlock([
      `curl -F file=@recording.wav -F model=${name} http://127.0.0.1:8080/v1/audio/transcriptions`,
    ]),
  ];
}

/** The hidden Markov model: what it is, how it was trained, and what else was tried. */
function hmmParts({ graph, definition, features, card }: HmmSection): string[] {
  return [
    '## The hidden Markov model',
    describeFeatures(features, 'The model'),
    `\`${graph.file}\` (sha256 \`${graph.sha256}\`) gives the log-likelihood of each row in every state, a` +
      ` mixture of Gaussians with diagonal covariances. \`${definition.file}\` (sha256` +
      ` \`${definition.sha256}\`) has the states of each word, of silence, noise and other speech, how` +
      ' they follow one another, and the penalties of decoding.',
    ...(card === undefined ? [] : hmmTrainingParts(card)),
  ];
}

function hmmTrainingParts({ training, tried }: HmmCard): string[] {
  const { iterations, components, examples, hoursOfAudio, seed, hours, machine, date, command } =
    training;
  return [
    `It has ${components} Gaussians and was trained from transcripts alone, in ${iterations} iterations over` +
      ` ${examples} examples (${hoursOfAudio.toFixed(1)} hours) made of the recordings below with seed ${seed};` +
      ` training took ${hours} hours on ${machine} and ended on ${date}. This command makes it again:`,
    shellBlock([`npx ${command}`]),
    ...(tried.length === 0
      ? []
      : ['What was tried:', tried.map((attempt) => `- ${attempt}`).join('\n')]),
  ];
}

function cardParts(card: ModelCard, name: string): string[] {
  return [
    '## Training',
    ...trainingParts(card),
    '## Error rates',
    ...(card.errorRates.length === 0
      ? [`Not measured yet: \`npx sori card models/${name} --corpora …\` does it.`]
      : errorRateParts(card.errorRates)),
    ...((card.notes ?? []).length === 0
      ? []
      : ['## Limits and notes', card.notes!.map((note) => `- ${note}`).join('\n')]),
  ];
}

function trainingParts({ trainedOn, training }: ModelCard): string[] {
  const { steps, seed, hours, machine, date, command } = training;
  const total = (of: (corpus: (typeof trainedOn)[number]) => number): number =>
    trainedOn.reduce((sum, corpus) => sum + of(corpus), 0);
  const rows = trainedOn.map((corpus) => [
    corpus.corpus,
    corpus.licence,
    String(corpus.clips),
    corpus.hours.toFixed(2),
    String(corpus.speakers),
  ]);
  const all = [
    'all',
    '',
    String(total(({ clips }) => clips)),
    total((corpus) => corpus.hours).toFixed(2),
    String(total(({ speakers }) => speakers)),
  ];
  const columns = ['corpus', 'licence', 'clips', 'hours', 'speakers'];
  return [
    ...(trainedOn.length === 0
      ? []
      : [
          'Training drew on these recordings:',
          markdownTable(columns, [...rows, all], new Set(columns.slice(2))),
        ]),
    `The weights are those after ${steps} steps with seed ${seed}, the best on the dev sets;` +
      ` training took ${hours} hours on ${machine} and ended on ${date}. This command makes the model` +
      ' again from the same recordings:',
    shellBlock([`npx ${command}`]),
  ];
}

function errorRateParts(rates: readonly MeasuredErrorRate[]): string[] {
  const wordErrors = rates.filter((rate) => rate.score === 'wordErrors');
  const falseWords = rates.filter((rate) => rate.score === 'falseWords');
  return [
    'Measured on the finished model by the path that requests take: file, decoded sound, features,' +
      ' acoustic model, decoder. The last column is the command that measures the row anew; the folders in it' +
      ' stand for wherever the corpora are.',
    ...(wordErrors.length === 0 ? [] : [wordErrorTable(wordErrors)]),
    ...(falseWords.length === 0
      ? []
      : [
          'False words are vocabulary words that were recognised and that nobody said:',
          falseWordTable(falseWords),
        ]),
    ...roleParts(rates),
  ];
}

const numbers = new Set(
  ['clips', 'minutes', 'words', 'sub', 'del', 'ins', 'word errors', 'sentence errors'].concat([
    'false words',
    'a minute',
    'goal',
  ]),
);

function wordErrorTable(
  rates: readonly Extract<MeasuredErrorRate, { score: 'wordErrors' }>[],
): string {
  return markdownTable(
    [
      ...['set', 'clips', 'minutes', 'words', 'sub', 'del', 'ins'],
      ...['word errors', 'sentence errors', ...goalColumns],
    ],
    rates.map((rate) => [
      rate.set,
      String(rate.clips),
      rate.minutes.toFixed(1),
      String(rate.words),
      String(rate.substitutions),
      String(rate.deletions),
      String(rate.insertions),
      shownRate(rate),
      percent(rate.sentenceErrorRate),
      ...goalCells(rate),
    ]),
    numbers,
  );
}

function falseWordTable(
  rates: readonly Extract<MeasuredErrorRate, { score: 'falseWords' }>[],
): string {
  return markdownTable(
    ['set', 'clips', 'minutes', 'false words', 'a minute', ...goalColumns],
    rates.map((rate) => [
      rate.set,
      String(rate.clips),
      rate.minutes.toFixed(1),
      String(rate.falseWords),
      shownRate(rate),
      ...goalCells(rate),
    ]),
    numbers,
  );
}

const goalColumns = ['goal', 'met', 'decoder', 'date', 'command'];

function goalCells(rate: MeasuredErrorRate): string[] {
  const met = isMet(rate);
  return [
    shownGoal(rate) ?? '',
    met === undefined ? '' : met ? 'yes' : 'no',
    rate.decoder,
    rate.date,
    `\`npx ${rate.command}\``,
  ];
}

function roleParts(rates: readonly MeasuredErrorRate[]): string[] {
  const names = (chose: boolean): string[] => [
    ...new Set(rates.filter(({ choseWeights }) => choseWeights === chose).map(({ set }) => set)),
  ];
  const [chose, watched] = [names(true), names(false)];
  return [
    'All of these are dev sets. No training step learned from them, but they chose the weights and the' +
      ` recipe, so they are no test sets: expect somewhat more errors on speech from elsewhere.` +
      (chose.length === 0 ? '' : ` The weights were chosen by ${listInWords(chose)}.`) +
      (watched.length === 0 ? '' : ` Only watched: ${listInWords(watched)}.`),
  ];
}
