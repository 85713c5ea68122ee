import { readFile } from 'node:fs/promises';
import { decodeAudio } from '../../audio/decode.ts';
import { resample } from '../../audio/resample.ts';
import { toInt16 } from './packed-audio.ts';

export type DecodeTask = {
  readonly sampleRateHz: number;
  readonly maxSeconds: number;
  readonly clips: readonly {
    readonly path: string;
    readonly offsetSeconds: number | undefined;
    readonly seconds: number | undefined;
  }[];
};

/** A clip's samples, or what is wrong with it. */
export type DecodedClip = { readonly samples: Int16Array } | { readonly problem: string };

async function decodeClip(
  task: DecodeTask,
  clip: DecodeTask['clips'][number],
): Promise<DecodedClip> {
  try {
    const waveform = await decodeAudio(await readFile(clip.path), { maxSeconds: task.maxSeconds });
    let { samples } = waveform;
    if (clip.offsetSeconds !== undefined) {
      const start = Math.round(clip.offsetSeconds * waveform.sampleRateHz);
      const length = Math.round((clip.seconds ?? Infinity) * waveform.sampleRateHz);
      samples = samples.subarray(start, Math.min(samples.length, start + length));
    }
    if (samples.length === 0) return { problem: 'the clip holds no samples' };
    return { samples: toInt16(resample(samples, waveform.sampleRateHz, task.sampleRateHz)) };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

/** Decodes some clips of a manifest, one after the other. */
export default async function decodeClips(task: DecodeTask): Promise<DecodedClip[]> {
  const decoded: DecodedClip[] = [];
  for (const clip of task.clips) decoded.push(await decodeClip(task, clip));
  return decoded;
}
