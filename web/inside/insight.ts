import type { z } from 'zod';
import type { alignmentAnswerSchema } from '../../routes/audio/alignment-schemas.ts';
import { resample } from '../../src/audio/resample.ts';
import { FeatureExtractor } from '../../src/features/extractor.ts';
import type { FeatureMatrix } from '../../src/features/feature-matrix.ts';
import { readingsOf } from '../compare/view.ts';
import type { DecodedAudio, Recording } from '../recording.ts';
import {
  ask,
  type ComparisonAnswer,
  postRecording,
  type Reading,
  ServiceError,
} from '../service.ts';
import { parseNpy } from './npy.ts';
import type { Posteriors } from './spikes.ts';

export type AlignedWord = z.infer<typeof alignmentAnswerSchema>['words'][number];

export type LogMel = FeatureMatrix & {
  readonly frameShiftSeconds: number;
  readonly highHz: number;
};

/** All that is known of a recording, on one time axis. */
export type Insight = {
  readonly durationSeconds: number;
  /** Undefined where the browser cannot decode the file. */
  readonly audio: DecodedAudio | undefined;
  readonly logMel: LogMel | undefined;
  /** ln probabilities */
  readonly posteriors: Posteriors;
  /** The HMM's words with the states of its best path; undefined where it has heard none. */
  readonly statePath: readonly AlignedWord[] | undefined;
  readonly readings: readonly Reading[];
};

/** Asks the service what it hides of a recording that has been compared. Throws as `postRecording` does. */
export async function lookInside(
  { file, decoded }: Recording,
  answer: ComparisonAnswer,
  signal: AbortSignal,
): Promise<Insight> {
  const readings = readingsOf(answer);
  const heard = readings.find(({ decoder }) => decoder === 'hmm')?.text ?? '';
  const [posteriors, statePath, rateHz] = await Promise.all([
    fetchPosteriors(file, signal),
    heard === '' ? undefined : fetchStatePath(file, heard, signal),
    fetchRate(answer.model.id, signal),
  ]);
  return {
    durationSeconds: answer.duration,
    audio: decoded,
    logMel: decoded && logMelOf(decoded, rateHz),
    posteriors,
    statePath,
    readings,
  };
}

function fetchPosteriors(file: File, signal: AbortSignal): Promise<Posteriors> {
  return postRecording('emissions', file, [], signal, async (response) => {
    const matrix = parseNpy(await response.arrayBuffer());
    const { headers } = response;
    const names = headers.get('x-sori-labels');
    const numbers = () => Array.from({ length: matrix.columns }, (_, label) => String(label));
    return {
      ...matrix,
      labels: names === null ? numbers() : (JSON.parse(names) as string[]),
      blank: Number(headers.get('x-sori-blank')),
      frameShiftSeconds: Number(headers.get('x-sori-frame-shift')),
    };
  });
}

async function fetchStatePath(
  file: File,
  text: string,
  signal: AbortSignal,
): Promise<readonly AlignedWord[] | undefined> {
  const fields = [
    ['text', text],
    ['method', 'hmm'],
    ['include[]', 'states'],
  ] as const;
  try {
    return await postRecording('alignments', file, fields, signal, async (response) => {
      const { words } = (await response.json()) as z.infer<typeof alignmentAnswerSchema>;
      return words;
    });
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'unalignable_text') return undefined;
    throw error;
  }
}

/** The rate at which a model hears. */
function fetchRate(model: string, signal: AbortSignal): Promise<number> {
  return ask(`/v1/models/${encodeURIComponent(model)}`, { signal }, async (response) => {
    const { features } = (await response.json()) as { features: { sample_rate_hz: number } };
    return features.sample_rate_hz;
  });
}

const melBins = 48;

/** The spectrum over time as ears would have it, by the service's own code, at the model's rate. */
function logMelOf({ samples, sampleRateHz }: DecodedAudio, rateHz: number): LogMel {
  const extractor = new FeatureExtractor({
    kind: 'log-mel',
    sampleRateHz: rateHz,
    frameLengthSeconds: 0.025,
    frameShiftSeconds: 0.01,
    window: 'povey',
    preemphasis: 0.97,
    removeDcOffset: true,
    melBins,
    lowHz: 60,
    highHz: rateHz / 2,
    deltas: { order: 0, window: 2 },
    normalisation: { kind: 'none' },
    stack: 1,
    stride: 1,
  });
  const features = extractor.extract(resample(samples, sampleRateHz, rateHz));
  return { ...features, frameShiftSeconds: extractor.frameShiftSeconds, highHz: rateHz / 2 };
}
