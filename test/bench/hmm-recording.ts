/**
 * A minute of speech, recognised by the shipped HMM on one core: resampling, features, the Gaussians in ONNX
 * Runtime, and the search through the digit loop. The recording is synthetic speech out of the tests.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { decodeAudio } from '../../src/audio/decode.ts';
import { resample } from '../../src/audio/resample.ts';
import { loadModelFolder } from '../../src/recognition/model-folder.ts';
import { Recognizer } from '../../src/recognition/recognizer.ts';
import { type BenchContext, type BenchRow, medianSeconds } from './harness.ts';

const seconds = 60;
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export async function recordingRows(context: BenchContext): Promise<BenchRow[]> {
  const recognizer = await Recognizer.load(await loadModelFolder(here('../../models/digits-en')));
  const bytes = await readFile(here('../fixtures/speech/ten-digits.opus'));
  const recorded = await decodeAudio(bytes, { maxSeconds: seconds });
  const rows: BenchRow[] = [];
  for (const sampleRateHz of [8000, 16_000]) {
    const samples = resample(recorded.samples, recorded.sampleRateHz, sampleRateHz);
    const minute = Float32Array.from(
      { length: seconds * sampleRateHz },
      (_, n) => samples[n % samples.length]!,
    );
    const recognize = () =>
      recognizer.recognizeWaveform({ samples: minute, sampleRateHz }, { decoder: 'hmm' });
    const spent = await medianSeconds(recognize, context.runs);
    const stages = Object.entries((await recognize()).milliseconds).map(
      ([stage, took]) => `${stage} ${took.toPrecision(3)} ms`,
    );
    rows.push({
      bench: 'hmm',
      case: `recording of ${seconds} s at ${sampleRateHz} Hz, digits-en (8000 Hz)`,
      value: seconds / spent,
      unit: '× real time',
      baseline: `in one run: ${stages.join(', ')}`,
    });
  }
  return rows;
}
