import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Option } from 'commander';
import { readProcessModelSettings } from '../config.ts';
import { type DecoderName, decoderNames } from '../decoding/decoder.ts';
import { chooseModel } from '../recognition/model-choice.ts';
import {
  loadModelFolder,
  loadModelFolders,
  type ModelFolder,
} from '../recognition/model-folder.ts';
import type { TranscriptionOptions } from '../recognition/request-options.ts';
import type { TaskOf } from '../recognition/worker-protocol.ts';
import { wholeNumber } from './options.ts';

/** The flags that commands which recognise have in common. */
export type RecognitionFlags = {
  readonly model?: string;
  readonly decoder?: DecoderName;
  readonly threads: number;
};

export const modelOption = (): Option =>
  new Option('--model <folder|name>', 'a model folder, or a name in the models directory');

export const decoderOption = (): Option =>
  new Option(
    '--decoder <name>',
    'how text is found; by default ctc_greedy, or ctc_beam where a search is asked for',
  ).choices(decoderNames);

export const threadsOption = (): Option =>
  new Option('--threads <count>', 'recordings recognised at once')
    .argParser(wholeNumber(1, 256))
    .default(availableParallelism(), 'the number of cores');

/**
 * Opens the model that `--model` means: a folder with a model.json, else a name in the models
 * directory; without the flag the configured or the only one there.
 * @throws Error naming what was looked for; ConfigError where a setting about models cannot be used
 */
export async function openModel(wanted: string | undefined): Promise<ModelFolder> {
  const { modelsDirectory, defaultModel } = readProcessModelSettings();
  if (wanted === undefined) {
    return chooseModel(await loadModelFolders(modelsDirectory), defaultModel, {});
  }
  const folder = [wanted, join(modelsDirectory, wanted)].find((path) =>
    existsSync(join(path, 'model.json')),
  );
  if (folder === undefined)
    throw new Error(`no model.json in ${wanted} nor in ${join(modelsDirectory, wanted)}`);
  return loadModelFolder(folder);
}

/**
 * What is asked for each recording whose text is wanted.
 * @throws SoriError where the model lacks the decoder
 */
export function transcriptionTaskOf(
  model: ModelFolder,
  options: TranscriptionOptions,
): (bytes: Uint8Array) => TaskOf<'transcription'> {
  chooseModel([model], model.name, options);
  return (bytes) => ({ kind: 'transcription', encoding: 'recording', options, bytes });
}
