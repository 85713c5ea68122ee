import { z } from 'zod';
import { labelTimesSchema } from '../ctc/label-times.ts';
import type { AlignerName } from '../decoding/aligner.ts';
import { type ConfidenceMaps, confidenceMapsSchema } from '../decoding/calibrated-readers.ts';
import { type DecoderName, decoderNames } from '../decoding/decoder.ts';

const count = z.int().nonnegative();
const amount = z.number().nonnegative();
const share = amount.max(1);

/** How far times lie apart, in seconds: absolute differences. */
export const timeDifferenceSchema = z.strictObject({
  mean: amount,
  median: amount,
  /** Nine in ten differ by no more. */
  ninetieth: amount,
  largest: amount,
});

/** Word times of CTC's forced alignment against the HMM's, on one set. */
const measuredTimesSchema = z.strictObject({
  set: z.string().min(1),
  words: count,
  start: timeDifferenceSchema,
  end: timeDifferenceSchema,
});

/** How far a decoder's confidences are from what they should say, on recordings that the map did not see. */
const measuredConfidenceSchema = z.strictObject({
  decoder: z.enum(decoderNames),
  of: z.enum(['words', 'texts']),
  /** A dev set's name, or `all`. */
  set: z.string().min(1),
  count,
  right: count,
  /** Expected calibration error as the decoder has it, and once it is mapped. */
  before: share,
  after: share,
});

/** What a reader should know of the calibration. */
export const calibrationCardSchema = z.strictObject({
  date: z.iso.date(),
  seed: z.int(),
  /** What makes it anew. */
  command: z.string().min(1),
  /** What label times were learned from, and how they do elsewhere; absent where there is no HMM to learn from. */
  times: z
    .strictObject({
      manifests: z.array(z.string().min(1)),
      words: count,
      measured: z.array(measuredTimesSchema),
    })
    .optional(),
  confidence: z.array(measuredConfidenceSchema),
  /** A picture in the model's folder: how often words of each confidence are right. */
  plot: z.string().min(1),
});
export type CalibrationCard = z.infer<typeof calibrationCardSchema>;
export type MeasuredTimes = z.infer<typeof measuredTimesSchema>;
export type MeasuredConfidence = z.infer<typeof measuredConfidenceSchema>;

/** What was measured of a model's habits: when it says its labels, and how sure it is when it is right. */
export const calibrationSchema = z.strictObject({
  /** Of the labels of ctc.onnx. */
  times: labelTimesSchema.optional(),
  /** By decoder. */
  confidence: z.partialRecord(z.enum(decoderNames), confidenceMapsSchema),
  card: calibrationCardSchema.optional(),
});
export type Calibration = z.infer<typeof calibrationSchema>;

/**
 * The maps of a decoder's confidences, or of an aligner's, which means by them what the decoder of its
 * acoustic model does; undefined where nothing was measured.
 */
export function confidenceMapsOf(
  { calibration }: { readonly calibration?: Calibration | undefined },
  reader: DecoderName | AlignerName,
): ConfidenceMaps | undefined {
  return calibration?.confidence[reader === 'ctc' ? 'ctc_greedy' : reader];
}
