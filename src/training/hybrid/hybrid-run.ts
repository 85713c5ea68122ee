import { AcousticModel } from '../../acoustic/acoustic-model.ts';
import { featureDims } from '../../features/recipe.ts';
import { HmmDecoder } from '../../hmm/decoder.ts';
import { type HmmDefinition, hmmDefinitionSchema } from '../../hmm/definition.ts';
import { Random } from '../../math/random.ts';
import { encodeModel } from '../../onnx/encode.ts';
import type { HmmFiles, ModelFolder } from '../../recognition/model-folder.ts';
import type { TrainingConfiguration } from '../configuration.ts';
import { BatchSource, type BatchSourceDefinition } from '../data/batch-source.ts';
import type { Corpus } from '../data/corpus.ts';
import { type TriedDecoding, tuneDecoding } from '../hmm/tune-decoding.ts';
import type { NetworkArchitecture } from '../network/architecture.ts';
import { exportGraph } from '../network/export-graph.ts';
import { importParameters } from '../network/import-parameters.ts';
import {
  initialParameters,
  outputParameterNames,
  parameterLayout,
  tensorView,
} from '../network/parameters.ts';
import type { NetworkTask, StartingPoint } from '../network-task.ts';
import { type RunOptions, runTraining } from '../training-run.ts';
import { ClipAligner } from './clip-aligner.ts';
import type { HybridTrainingConfiguration } from './configuration.ts';
import { groupStates, type StateGroups } from './state-groups.ts';
import { type TargetStatistics, targetStatistics } from './target-statistics.ts';

export type HybridRunOptions = Omit<
  RunOptions,
  'configuration' | 'startFrom' | 'start' | 'task'
> & {
  /** The configuration that `configuration.base` names. */
  readonly base: TrainingConfiguration;
  readonly configuration: HybridTrainingConfiguration;
  /** The model that the hybrid is for: its HMM labels the frames, and its network is begun with. */
  readonly model: ModelFolder & { readonly hmm: HmmFiles };
};

export type HybridRunResult = {
  readonly architecture: NetworkArchitecture;
  readonly graph: Uint8Array;
  readonly definition: HmmDefinition;
  /** The penalties that were tried on the dev sets, best first. */
  readonly tried: readonly TriedDecoding[];
  /** Of the best weights. */
  readonly step: number;
  readonly seconds: number;
};

/** Of the random numbers that the output layer begins with; others of the run's seed are the trainer's. */
const outputStream = 201;

/**
 * Trains the hybrid of a recurrent network and an HMM (Graves et al. 2006, section 5; Bourlard & Morgan
 * 1994): the model's HMM says which of its states, in groups, each frame of the recordings belongs to, and
 * the network learns to tell that frame by frame, from where training with CTC has left it. In decoding its
 * posteriors over the priors of the states stand for the likelihoods of the HMM's Gaussians.
 * @throws what `runTraining` and alignment throw
 */
export async function runHybridTraining(options: HybridRunOptions): Promise<HybridRunResult> {
  const { base, configuration, model, signal, onStage = () => {}, ...rest } = options;
  const { schedule, steps, evaluateEvery, seed } = configuration;
  const { features, alphabet, ctc } = model.manifest;
  const groups = groupStates(model.hmm.definition, configuration.states);
  let statistics: TargetStatistics | undefined;
  const definitionOf = (decoding: HmmDefinition['decoding']) =>
    hybridDefinition(model.hmm.definition, groups, statistics!, decoding);
  const graphOf = (architecture: NetworkArchitecture, parameters: Float32Array) =>
    encodeModel(exportGraph(architecture, parameters, statistics!.logPriors));
  const run = await runTraining({
    ...rest,
    signal,
    onStage,
    configuration: {
      ...base,
      ...{ schedule, steps, evaluateEvery, seed, features, alphabet },
      architecture: ctc.architecture,
    },
    start: startingPoint(model, groups, seed),
    task: async (definition): Promise<NetworkTask> => {
      const labelled = await labelFrames(definition, groups, options);
      onStage('counting labels');
      statistics = countTargets(labelled, configuration.countedExamples, groups);
      const decoder = new HmmDecoder(definitionOf(configuration.decoding));
      return {
        objective: { kind: 'framewise' },
        labels: groups.labels,
        definition: labelled,
        evaluate: (architecture, parameters, devSets) =>
          withModel(graphOf(architecture, parameters), architecture, async (acoustic) => {
            const [scores] = await devSets.evaluate(acoustic, [decoder]);
            return scores!;
          }),
      };
    },
  });
  const { trainer, devSets, seconds } = run;
  const { architecture } = trainer;
  try {
    onStage('trying penalties on the dev sets');
    const graph = graphOf(architecture, trainer.bestServedParameters);
    const tried = await withModel(graph, architecture, (acoustic) =>
      tuneDecoding(acoustic, definitionOf, configuration, devSets),
    );
    const definition = definitionOf(tried[0]!.decoding);
    const step = trainer.best?.step ?? trainer.stepsDone;
    return { architecture, graph, definition, tried, step, seconds };
  } finally {
    await trainer.release();
  }
}

/** The recordings with a label for each frame, by the model's HMM. */
async function labelFrames(
  definition: BatchSourceDefinition,
  groups: StateGroups,
  { model: { manifest, hmm }, cacheFolder, signal, onStage }: HybridRunOptions,
): Promise<BatchSourceDefinition> {
  const aligner = await ClipAligner.load(hmm, groups, manifest.hmm!.features, manifest.alphabet);
  const clips = Object.values(definition.corpora).reduce((sum, { rows }) => sum + rows.length, 0);
  let done = 0;
  try {
    const corpora: Record<string, Corpus> = {};
    for (const [name, corpus] of Object.entries(definition.corpora)) {
      const onClip = () => {
        signal.throwIfAborted();
        onStage?.(`aligning recordings ${++done}/${clips}`);
      };
      corpora[name] = await aligner.label(corpus, onClip, cacheFolder);
    }
    return { ...definition, corpora, pauseLabel: groups.pause };
  } finally {
    await aligner.release();
  }
}

function countTargets(
  definition: BatchSourceDefinition,
  examples: number,
  groups: StateGroups,
): TargetStatistics {
  const source = new BatchSource(definition);
  const sequences = function* () {
    for (const { labels } of source.examples(examples)) yield labels;
  };
  return targetStatistics(sequences(), groups);
}

/** The CTC network's recurrent layers, under an output layer that knows nothing. */
function startingPoint(
  { manifest, ctc }: ModelFolder,
  groups: StateGroups,
  seed: number,
): StartingPoint {
  const { features, alphabet } = manifest;
  const shape = { ...manifest.ctc.architecture, inputs: featureDims(features) };
  const ofCtc = { ...shape, labels: alphabet.labels.length };
  const own = { ...shape, labels: groups.labels };
  const learnt = importParameters(ctc, ofCtc);
  const parameters = initialParameters(own, Random.forStream(seed, outputStream));
  const isOutput = (name: string) => Object.values(outputParameterNames).includes(name);
  for (const { name } of parameterLayout(own).tensors.filter(({ name }) => !isOutput(name)))
    tensorView(parameters, parameterLayout(own), name).set(
      tensorView(learnt, parameterLayout(ofCtc), name),
    );
  const { normalisation } = features;
  return { parameters, seconds: 0, ...(normalisation.kind === 'global' && { normalisation }) };
}

function hybridDefinition(
  { lexicon, silence, filler }: HmmDefinition,
  { labels }: StateGroups,
  { units }: TargetStatistics,
  decoding: HmmDefinition['decoding'],
): HmmDefinition {
  return hmmDefinitionSchema.parse({
    format: 1,
    emissions: labels,
    units,
    lexicon,
    silence,
    ...(filler !== undefined && { filler }),
    decoding,
  });
}

async function withModel<Result>(
  graph: Uint8Array,
  { inputs, labels }: NetworkArchitecture,
  use: (model: AcousticModel) => Promise<Result>,
): Promise<Result> {
  const model = await AcousticModel.load(graph, { dims: inputs, units: labels });
  try {
    return await use(model);
  } finally {
    await model.release();
  }
}
