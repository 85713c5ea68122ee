import { join } from 'node:path';
import { writeWhole } from '../../training/write-whole.ts';
import type { AlignedClip } from './aligned-clip.ts';
import { ctm } from './ctm.ts';
import { alignedJson } from './json.ts';
import { textGrid } from './textgrid.ts';

/** What alignments are written as: JSON, an object a line; NIST's CTM; Praat's TextGrid. */
export const alignmentFormats = ['json', 'ctm', 'textgrid'] as const;
export type AlignmentFormat = (typeof alignmentFormats)[number];

/** Alignments as one text. A TextGrid is about one clip alone. */
export function inOneText(
  clips: readonly AlignedClip[],
  format: AlignmentFormat,
  withStates: boolean,
): string {
  if (format === 'ctm') return ctm(clips);
  if (format === 'textgrid') return clips.map((clip) => textGrid(clip, withStates)).join('');
  return clips.map((clip) => `${alignedJson(clip, withStates)}\n`).join('');
}

/**
 * Writes a TextGrid a clip into a folder, under its recording's name; for one of several clips of a
 * recording, with the second at which it starts.
 */
export async function writeTextGrids(
  folder: string,
  clips: readonly AlignedClip[],
  withStates: boolean,
): Promise<void> {
  for (const clip of clips) {
    const part = clip.startSeconds > 0 ? `-${clip.startSeconds}` : '';
    const path = join(folder, `${clip.recording}${part}.TextGrid`);
    await writeWhole(path, textGrid(clip, withStates));
  }
}
