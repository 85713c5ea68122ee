import { z } from 'zod';
import type { RequestLimits } from '../../src/recognition/request-limits.ts';
import {
  comparisonSchema,
  emissionsShape,
  featureComparisonShape,
  transcriptionSchema,
  transcriptionShape,
} from '../../src/recognition/request-options.ts';

/** The options of a transcription in the query of a binary body. */
export const transcriptionQuerySchema = (limits: RequestLimits) =>
  transcriptionSchema(transcriptionShape('text', limits));

/** The options of a comparison there. */
export const comparisonQuerySchema = (limits: RequestLimits) =>
  comparisonSchema(featureComparisonShape('text', limits));

/** The options of a request for emissions there. */
export const emissionsQuerySchema = z.strictObject(emissionsShape);
