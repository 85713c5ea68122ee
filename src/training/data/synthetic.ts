import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeAudio } from '../../audio/decode.ts';
import { resample } from '../../audio/resample.ts';
import { encodeWav } from '../../audio/wav.ts';
import { Random } from '../../math/random.ts';
import { writeWhole } from '../write-whole.ts';
import { planSyntheticSpeech, type SpokenClip } from './synthetic-speech.ts';

const run = promisify(execFile);

export type SyntheticOptions = {
  /** Folder of the corpus: `train.jsonl` and `audio/`. */
  readonly out: string;
  readonly clips?: number;
  readonly seed?: number;
  readonly sampleRateHz?: number;
  /** Programs that run at a time. */
  readonly parallel?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
};

export type SyntheticSummary = {
  readonly manifest: string;
  readonly clips: number;
  readonly speakers: number;
  readonly hours: number;
};

export const syntheticDefaults = { clips: 4000, seed: 1, sampleRateHz: 8000, parallel: 2 } as const;

const maxSeconds = 60;

/**
 * Writes a corpus of digits, single and in strings, and of other words, spoken by espeak-ng and flite.
 * The manifest comes last, in one piece: an interrupted run leaves none.
 * @throws Error if a program is missing or fails, or the signal aborts
 */
export async function prepareSynthetic(options: SyntheticOptions): Promise<SyntheticSummary> {
  const { out, clips, seed, sampleRateHz, parallel } = { ...syntheticDefaults, ...options };
  await checkPrograms();
  const plans = planSyntheticSpeech(clips, Random.forStream(seed));
  const folder = await mkdtemp(join(tmpdir(), 'sori-synthetic-'));
  const lines = new Array<string>(plans.length);
  const speakers = new Set<string>();
  let seconds = 0;
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < plans.length) {
      options.signal?.throwIfAborted();
      const index = next++;
      const plan = plans[index]!;
      const samples = await speak(plan, join(folder, `${index}.wav`), sampleRateHz, options.signal);
      const file = `audio/${plan.speaker}/${String(index).padStart(6, '0')}.wav`;
      await mkdir(join(out, 'audio', plan.speaker), { recursive: true });
      await writeFile(join(out, file), encodeWav({ sampleRateHz, samples }));
      const duration = samples.length / sampleRateHz;
      lines[index] = JSON.stringify({
        audio_filepath: file,
        duration: Number(duration.toFixed(3)),
        text: plan.text,
        speaker: plan.speaker,
        corpus: 'synthetic',
      });
      speakers.add(plan.speaker);
      seconds += duration;
      options.onProgress?.(++done, plans.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, work));
    const manifest = join(out, 'train.jsonl');
    await writeWhole(manifest, `${lines.join('\n')}\n`);
    return { manifest, clips: plans.length, speakers: speakers.size, hours: seconds / 3600 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws Error that names the missing programs and where they come from */
async function checkPrograms(): Promise<void> {
  const missing: string[] = [];
  for (const program of ['espeak-ng', 'flite']) {
    await run(program, ['--version']).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') missing.push(program);
    });
  }
  if (missing.length > 0) {
    throw new Error(
      `Synthetic speech needs ${missing.join(' and ')}: install the Debian packages of that name.`,
    );
  }
}

async function speak(
  { program, options, text }: SpokenClip,
  file: string,
  sampleRateHz: number,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const command =
    program === 'flite' ? [...options, '-t', text, '-o', file] : [...options, '-w', file, text];
  await run(program, command, signal === undefined ? {} : { signal });
  const waveform = await decodeAudio(await readFile(file), { maxSeconds });
  await rm(file);
  return resample(waveform.samples, waveform.sampleRateHz, sampleRateHz);
}
