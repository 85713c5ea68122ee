import type { Random } from '../math/random.ts';
import { layerInputs, type NetworkArchitecture } from './network/architecture.ts';

export type Dropout = {
  /** Share of the features hidden from the first layer. */
  readonly input: number;
  /** Share of a layer's outputs hidden from the next, the output layer included. */
  readonly hidden: number;
};

/**
 * Inverted dropout with one mask for all frames of a sequence (Gal & Ghahramani 2016): `layers + 1`
 * arrays of batch × inputs, 0 or 1 / (1 − share).
 */
export function dropoutMasks(
  architecture: NetworkArchitecture,
  dropout: Dropout,
  batch: number,
  random: Random,
): Float32Array[] {
  return Array.from({ length: architecture.layers + 1 }, (_, layer) => {
    const share = layer === 0 ? dropout.input : dropout.hidden;
    const mask = new Float32Array(batch * layerInputs(architecture, layer)).fill(1 / (1 - share));
    if (share > 0) {
      for (let index = 0; index < mask.length; index++) if (random.chance(share)) mask[index] = 0;
    }
    return mask;
  });
}

/** The parameters with Gaussian noise on top (Graves 2011, "Practical variational inference"). */
export function withWeightNoise(
  parameters: Float32Array,
  deviation: number,
  random: Random,
): Float32Array {
  if (deviation === 0) return parameters;
  return parameters.map((parameter) => parameter + deviation * random.gaussian());
}
