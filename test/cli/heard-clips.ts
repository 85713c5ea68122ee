import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeWav } from '../../src/audio/wav.ts';
import { loadModelFolder } from '../../src/recognition/model-folder.ts';
import { Recognizer } from '../../src/recognition/recognizer.ts';
import { syntheticWaveform } from '../support/recording.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

/** A recording and the words that the tiny model hears in it. */
export type HeardClip = {
  readonly name: string;
  readonly path: string;
  readonly seconds: number;
  readonly heard: string;
};

export type HeardClips = {
  readonly folder: TemporaryFolder;
  /** The model's folder; `folder` is its models directory. */
  readonly model: string;
  readonly clips: readonly HeardClip[];
};

/**
 * Four recordings and a model. Its weights are random, so what it hears is arbitrary; but it hears the
 * same each time, and a text made from that by known edits has known errors.
 */
export async function makeHeardClips(): Promise<HeardClips> {
  const folder = await temporaryFolder();
  await writeTinyModel(folder.path);
  const model = join(folder.path, 'tiny');
  const recognizer = await Recognizer.load(await loadModelFolder(model));
  const clips: HeardClip[] = [];
  for (const [index, seconds] of [1.5, 2, 2.5, 1].entries()) {
    const bytes = encodeWav(syntheticWaveform({ seconds, seed: index + 1 }));
    const name = `clip${index}.wav`;
    const path = join(folder.path, name);
    writeFileSync(path, bytes);
    const recognition = await recognizer.recognizeRecording(bytes, {
      decoder: 'ctc_greedy',
      maxSeconds: 10,
    });
    clips.push({ name, path, seconds, heard: recognition.hypotheses[0].text });
  }
  return { folder, model, clips };
}
