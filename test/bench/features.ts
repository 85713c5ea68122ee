/** Features from samples, in multiples of real time on one core, beside torchaudio's Kaldi features. */
import { FeatureExtractor } from '../../src/features/extractor.ts';
import { Random } from '../../src/math/random.ts';
import { kaldiRecipe } from '../features/kaldi-recipes.ts';
import { type BenchContext, type BenchRow, runPeer, timeAgainstPeer } from './harness.ts';

/** A common length of utterance, and about where torchaudio is fastest: longer ones leave its cache. */
const utteranceSeconds = 5;
const utterances = 6;
const audioSeconds = utterances * utteranceSeconds;

const cases = [
  { kind: 'log-mel', sampleRateHz: 16_000, melBins: 80 },
  { kind: 'log-mel', sampleRateHz: 8000, melBins: 40 },
  { kind: 'mfcc', sampleRateHz: 16_000, melBins: 23 },
  { kind: 'mfcc', sampleRateHz: 8000, melBins: 23 },
] as const;

export async function run(context: BenchContext): Promise<BenchRow[]> {
  const peer = await runPeer('torchaudio_features.py', [utteranceSeconds, utterances].map(String));
  const rows: BenchRow[] = [];
  try {
    for (const { kind, sampleRateHz, melBins } of cases) {
      const extractor = new FeatureExtractor(kaldiRecipe(kind, sampleRateHz, melBins));
      const random = new Random(1);
      const samples = Float32Array.from(
        { length: utteranceSeconds * sampleRateHz },
        () => 0.1 * random.gaussian(),
      );
      const { seconds, peerSeconds } = await timeAgainstPeer(
        () => {
          for (let index = 0; index < utterances; index++) extractor.extract(samples);
        },
        context.runs,
        peer,
        `${kind} ${sampleRateHz} ${melBins}`,
      );
      rows.push({
        bench: 'features',
        case: `${kind} ${melBins} mel ${sampleRateHz} Hz`,
        value: audioSeconds / seconds,
        unit: '× real time',
        ...compare(seconds, peerSeconds, peer?.name),
      });
    }
  } finally {
    peer?.close();
  }
  return rows;
}

function compare(seconds: number, peerSeconds: number | undefined, name: string | undefined) {
  if (peerSeconds === undefined) return { baseline: 'torchaudio is not installed for python3' };
  return {
    baseline: `${name}, one thread: ${Math.round(audioSeconds / peerSeconds)} × real time`,
    ratio: peerSeconds / seconds,
  };
}
