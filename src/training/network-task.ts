import { AcousticModel } from '../acoustic/acoustic-model.ts';
import { Alphabet } from '../alphabet/alphabet.ts';
import { CtcGreedyDecoder } from '../ctc/greedy.ts';
import { encodeModel } from '../onnx/encode.ts';
import type { TrainingConfiguration } from './configuration.ts';
import type { BatchSourceDefinition } from './data/batch-source.ts';
import type { NormalisationStatistics } from './data/normalisation.ts';
import type { DevScores, DevSets } from './dev-sets.ts';
import type { NetworkArchitecture } from './network/architecture.ts';
import { exportGraph } from './network/export-graph.ts';
import type { Objective } from './objective.ts';

/** What a network is trained for: its loss, what its batches are made of, and how it is judged. */
export type NetworkTask = {
  readonly objective: Objective;
  /** Width of the network's output. */
  readonly labels: number;
  /** What batches are made of. */
  readonly definition: BatchSourceDefinition;
  /** How weights do on the dev sets, run and decoded as they would be served. */
  evaluate(
    architecture: NetworkArchitecture,
    parameters: Float32Array,
    devSets: DevSets,
  ): Promise<DevScores>;
};

/** What a new run begins with in place of chance. */
export type StartingPoint = {
  readonly parameters: Float32Array;
  /** Measured where there is none. */
  readonly normalisation?: NormalisationStatistics;
  /** Of training that went into it and counts as this run's. */
  readonly seconds: number;
};

/** Training by CTC on what is said in the recordings. */
export function ctcTask(
  { alphabet }: TrainingConfiguration,
  definition: BatchSourceDefinition,
): NetworkTask {
  const decoder = new CtcGreedyDecoder(new Alphabet(alphabet));
  return {
    objective: { kind: 'ctc', blank: alphabet.blank },
    labels: alphabet.labels.length,
    definition,
    async evaluate(architecture, parameters, devSets) {
      const graph = encodeModel(exportGraph(architecture, parameters));
      const shape = { dims: architecture.inputs, units: architecture.labels };
      const model = await AcousticModel.load(graph, shape);
      try {
        const [scores] = await devSets.evaluate(model, [decoder]);
        return scores!;
      } finally {
        await model.release();
      }
    },
  };
}
