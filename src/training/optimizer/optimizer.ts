/**
 * A rule that moves parameters against their gradient. It keeps no state of its own: what it remembers
 * between steps is in `slots`, vectors as long as the parameters that begin as zeros and go into a
 * checkpoint as they are.
 */
export type Optimizer = {
  /** How many slot vectors the rule needs. */
  readonly slotCount: number;
  /**
   * Changes parameters and slots in place.
   * @param step counted from 1: how many updates there will have been after this one
   */
  update(
    parameters: Float32Array,
    gradient: Float32Array,
    slots: readonly Float32Array[],
    step: number,
    learningRate: number,
  ): void;
};

/** Zeros for an optimizer to begin with. */
export function initialSlots(optimizer: Optimizer, size: number): Float32Array[] {
  return Array.from({ length: optimizer.slotCount }, () => new Float32Array(size));
}
