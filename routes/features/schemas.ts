import { z } from 'zod';
import { decoderNames } from '../../src/decoding/decoder.ts';
import {
  checkFormat,
  decodersSchema,
  featureComparisonShape,
  timestampGranularities,
  transcriptionOptionsShape,
} from '../../src/recognition/request-options.ts';
import { listOf, nBestText } from '../fields.ts';

/** The options of a transcription in the query of a binary body. */
export const transcriptionQuerySchema = z
  .strictObject({
    ...transcriptionOptionsShape,
    n_best: nBestText,
    timestamp_granularities: listOf(z.enum(timestampGranularities)).default(['segment']),
  })
  .superRefine(checkFormat);

/** The options of a comparison there. */
export const comparisonQuerySchema = z.strictObject({
  ...featureComparisonShape,
  n_best: nBestText,
  decoders: listOf(z.enum(decoderNames)).pipe(decodersSchema).optional(),
});
