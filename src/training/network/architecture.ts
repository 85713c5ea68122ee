/** The shape of a recurrent network: a stack of recurrent layers under one linear layer to the labels. */
export type NetworkArchitecture = {
  readonly cell: 'lstm' | 'rnn';
  readonly bidirectional: boolean;
  readonly layers: number;
  /** Units a direction. */
  readonly hidden: number;
  /** Width of a feature frame. */
  readonly inputs: number;
  /** Labels with the blank. */
  readonly labels: number;
};

export type Direction = 'forward' | 'backward';

export function directionsOf(architecture: NetworkArchitecture): readonly Direction[] {
  return architecture.bidirectional ? ['forward', 'backward'] : ['forward'];
}

/** Width of what goes into a layer: the features, or the directions of the layer below. */
export function layerInputs(architecture: NetworkArchitecture, layer: number): number {
  if (layer === 0) return architecture.inputs;
  return architecture.hidden * directionsOf(architecture).length;
}
