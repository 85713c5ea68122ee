import { CtcLoss, type CtcTargets } from '../ctc/loss.ts';
import type { LossResult } from '../ctc/loss-batch.ts';
import { FramewiseLoss } from './framewise-loss.ts';

/** What a network learns: the order of the labels alone (CTC), or the label of each frame. */
export type Objective =
  | { readonly kind: 'ctc'; readonly blank: number }
  | { readonly kind: 'framewise' };

/**
 * The labels of a batch's sequences, one sequence behind the other: as many as are said, or one a frame,
 * as the objective wants them.
 */
export type Targets = CtcTargets;

/** A loss with its gradient by the logits. */
export type Criterion = {
  compute(
    logits: Float32Array,
    frames: number,
    batch: number,
    lengths: Int32Array,
    targets: Targets,
    gradient: Float32Array,
  ): LossResult<Float32Array>;
};

export function criterionOf(objective: Objective, labels: number): Criterion {
  return objective.kind === 'ctc'
    ? new CtcLoss({ labels, blank: objective.blank })
    : new FramewiseLoss(labels);
}
