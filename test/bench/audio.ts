/** Decoding a short recording of each kind, and resampling at the ratios that speech meets. */
import { decodeAudio } from '../../src/audio/decode.ts';
import { resample } from '../../src/audio/resample.ts';
import { Random } from '../../src/math/random.ts';
import { readFixture } from '../audio/fixtures.ts';
import { type BenchContext, type BenchRow, medianSeconds } from './harness.ts';

const files = [
  'reference.wav',
  'mono-16bit.flac',
  'mono.mp3',
  'vorbis-mono.ogg',
  'opus-mono.opus',
  'stereo-44k.flac',
  'opus-stereo.ogg',
];

/** The last is a change of speed, whose filter is interpolated. */
const ratios = [
  [16_000, 8000],
  [48_000, 8000],
  [48_000, 16_000],
  [44_100, 8000],
  [8000, 16_000],
  [8000, 7234],
] as const;

const signalSeconds = 5;
const decodesAtOnce = 10;

export async function run({ runs }: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const file of files) {
    const bytes = readFixture(file);
    const seconds = await medianSeconds(async () => {
      for (let i = 0; i < decodesAtOnce; i++) await decodeAudio(bytes, { maxSeconds: 10 });
    }, runs);
    rows.push({
      bench: 'audio',
      case: `decode ${file}, 0.52 s`,
      value: (seconds / decodesAtOnce) * 1000,
      unit: 'ms',
    });
  }
  for (const [fromHz, toHz] of ratios) {
    const random = new Random(1);
    const samples = Float32Array.from({ length: fromHz * signalSeconds }, () =>
      random.uniform(-1, 1),
    );
    const seconds = await medianSeconds(() => resample(samples, fromHz, toHz), runs);
    rows.push({
      bench: 'audio',
      case: `resample ${fromHz} to ${toHz} Hz`,
      value: signalSeconds / seconds,
      unit: '× real time',
    });
  }
  return rows;
}
