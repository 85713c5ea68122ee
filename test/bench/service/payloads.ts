/** Some seconds of digits, in the three encodings that a client may send. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { decodeAudio } from '../../../src/audio/decode.ts';
import { resample } from '../../../src/audio/resample.ts';
import { encodeWav } from '../../../src/audio/wav.ts';
import type { FeatureMatrix } from '../../../src/features/feature-matrix.ts';
import type { Recognizer } from '../../../src/recognition/recognizer.ts';
import { rawBody, rowsOf } from '../../support/feature-bodies.ts';
import type { Load } from './closed-loop.ts';

const boundary = 'sori-bench';

export type Payloads = {
  readonly wav: Uint8Array;
  readonly features: FeatureMatrix;
  /** By name; the url is the path. */
  readonly loads: ReadonlyMap<string, Load>;
};

export async function payloadsFor(recognizer: Recognizer, seconds: number): Promise<Payloads> {
  const { sampleRateHz } = recognizer.manifest.features;
  const file = fileURLToPath(new URL('../../fixtures/speech/ten-digits.opus', import.meta.url));
  const recorded = await decodeAudio(await readFile(file), { maxSeconds: 60 });
  const samples = resample(recorded.samples, recorded.sampleRateHz, sampleRateHz).slice(
    0,
    seconds * sampleRateHz,
  );
  const wav = encodeWav({ sampleRateHz, samples });
  const features = recognizer.featuresOf({ sampleRateHz, samples });
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n`;
  const form = Buffer.concat([Buffer.from(head), wav, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const { frames, dims } = features;
  const path = '/v1/features/transcriptions';
  const loads = new Map<string, Load>([
    [
      'WAV',
      {
        url: '/v1/audio/transcriptions',
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
        body: form,
      },
    ],
    [
      'raw features',
      {
        url: `${path}?frames=${frames}&dims=${dims}`,
        headers: { 'content-type': 'application/octet-stream' },
        body: rawBody(features),
      },
    ],
    [
      'JSON features',
      {
        url: path,
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify({ features: rowsOf(features) })),
      },
    ],
  ]);
  return { wav, features, loads };
}
