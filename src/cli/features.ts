import { readFile, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { type Command, Option } from 'commander';
import { decodeAudio } from '../audio/decode.ts';
import { chooseModel } from '../recognition/model-choice.ts';
import { type PassName, passNames } from '../recognition/passes.ts';
import { Recognizer } from '../recognition/recognizer.ts';
import { UsageError } from './failures.ts';
import { featureEncodings } from './features/encodings.ts';
import { modelOption, openModel } from './recognition.ts';
import { maxRecordingSeconds } from './recording-tasks.ts';

type FeaturesFlags = {
  readonly model?: string;
  readonly for: PassName;
  readonly out: string;
  readonly json?: true;
};

export function register(program: Command): void {
  program
    .command('features')
    .description('write the features that a model reads of a recording')
    .argument('<file>', 'recording')
    .addOption(modelOption())
    .addOption(
      new Option('--for <acoustic model>', 'which of the model’s acoustic models reads them')
        .choices(passNames)
        .default('ctc'),
    )
    .requiredOption('--out <file>', `ends in one of ${endings} and is written so`)
    .option('--json', 'what was written as one JSON object')
    .addHelpText(
      'after',
      `
The file is the body of POST /v1/features/transcriptions: .json a request of rows of numbers, .npy
NumPy's format, .f32 bare little-endian float32 numbers, whose frames and dims go into the query. The
HMM reads others than the CTC network: --for hmm writes those, for requests with decoder=hmm. The hybrid
reads what the CTC network reads.

Examples:
  $ sori features call.wav --out call.npy
  $ sori features call.wav --for hmm --out call.npy`,
    )
    .action(writeFeatures);
}

const endings = Object.keys(featureEncodings).join(', ');

async function writeFeatures(file: string, flags: FeaturesFlags): Promise<void> {
  const { model, for: pass, out, json } = flags;
  const encode = featureEncodings[extname(out)];
  if (encode === undefined) throw new UsageError(`--out: expected one of ${endings}, got ${out}`);
  const folder = await openModel(model);
  chooseModel([folder], folder.name, { acoustic_model: pass });
  const recognizer = await Recognizer.load(folder);
  const bytes = await readFile(file);
  const waveform = await decodeAudio(bytes, { maxSeconds: maxRecordingSeconds });
  const features = recognizer.featuresOf(waveform, pass);
  await writeFile(out, encode(features));
  const { frames, dims } = features;
  const { frameShiftSeconds } = recognizer.pass(pass);
  if (json)
    console.log(
      JSON.stringify({ out, model: folder.name, for: pass, frames, dims, frameShiftSeconds }),
    );
  else console.log(`${out}: frames=${frames} dims=${dims}, a frame every ${frameShiftSeconds} s`);
}
