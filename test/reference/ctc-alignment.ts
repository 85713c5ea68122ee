import type { SilentLabels } from '../../src/ctc/label-occupancy.ts';
import { pathsOver } from './ctc-enumeration.ts';

/** A path of labels over the frames that reads as a labelling. */
export type LabellingPath = {
  readonly prob: number;
  /** labels; the frames of each */
  readonly spans: readonly { readonly firstFrame: number; readonly endFrame: number }[];
};

/**
 * Every path that reads as a labelling, spelt out: labels^frames of them are looked at.
 * @param probs frames × labels
 */
export function labellingPaths(
  probs: readonly (readonly number[])[],
  silent: SilentLabels,
  labelling: readonly number[],
): LabellingPath[] {
  const found: LabellingPath[] = [];
  for (const path of pathsOver(probs.length, probs[0]?.length ?? 0)) {
    const runs = runsOf(path).filter(({ label }) => !silent.inside.includes(label));
    while (runs.length > 0 && silent.outside.includes(runs[0]!.label)) runs.shift();
    while (runs.length > 0 && silent.outside.includes(runs.at(-1)!.label)) runs.pop();
    if (runs.map(({ label }) => label).join() !== labelling.join()) continue;
    const prob = path.reduce((product, label, t) => product * probs[t]![label]!, 1);
    found.push({ prob, spans: runs.map(({ label: _, ...span }) => span) });
  }
  return found;
}

function runsOf(path: readonly number[]) {
  const runs: { label: number; firstFrame: number; endFrame: number }[] = [];
  for (const [t, label] of path.entries()) {
    if (label === path[t - 1]) runs.at(-1)!.endFrame = t + 1;
    else runs.push({ label, firstFrame: t, endFrame: t + 1 });
  }
  return runs;
}
