import { readFile, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Command } from 'commander';
import { decodeAudio } from '../audio/decode.ts';
import { Recognizer } from '../recognition/recognizer.ts';
import { UsageError } from './failures.ts';
import { featureEncodings } from './features/encodings.ts';
import { maxRecordingSeconds, modelOption, openModel } from './recognition.ts';

type FeaturesFlags = { readonly model?: string; readonly out: string; readonly json?: true };

export function register(program: Command): void {
  program
    .command('features')
    .description('write the features that a model reads of a recording')
    .argument('<file>', 'recording')
    .addOption(modelOption())
    .requiredOption('--out <file>', `ends in one of ${endings} and is written so`)
    .option('--json', 'what was written as one JSON object')
    .addHelpText(
      'after',
      `
The file is the body of POST /v1/features/transcriptions: .json a request of rows of numbers, .npy
NumPy's format, .f32 bare little-endian float32 numbers, whose frames and dims go into the query.

Example:
  $ sori features call.wav --out call.npy`,
    )
    .action(writeFeatures);
}

const endings = Object.keys(featureEncodings).join(', ');

async function writeFeatures(file: string, { model, out, json }: FeaturesFlags): Promise<void> {
  const encode = featureEncodings[extname(out)];
  if (encode === undefined) throw new UsageError(`--out: expected one of ${endings}, got ${out}`);
  const recognizer = await Recognizer.load(await openModel(model));
  const bytes = await readFile(file);
  const waveform = await decodeAudio(bytes, { maxSeconds: maxRecordingSeconds });
  const features = recognizer.featuresOf(waveform);
  await writeFile(out, encode(features));
  const { frames, dims } = features;
  const { frameShiftSeconds, manifest } = recognizer;
  if (json)
    console.log(JSON.stringify({ out, model: manifest.name, frames, dims, frameShiftSeconds }));
  else console.log(`${out}: frames=${frames} dims=${dims}, a frame every ${frameShiftSeconds} s`);
}
