import { z } from 'zod';
import {
  checkGranularities,
  timestampGranularities,
  transcriptionOptionsShape,
} from '../../src/recognition/transcription-options.ts';

/** One value of a query or several are a list all the same. */
const listOf = <Item extends z.ZodType<string>>(item: Item) =>
  z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(item));

const queryShape = {
  ...transcriptionOptionsShape,
  timestamp_granularities: listOf(z.enum(timestampGranularities)).default(['segment']),
};

const sizeSchema = z
  .string('expected a whole number')
  .regex(/^\d{1,9}$/, 'expected a whole number')
  .transform(Number);

/** The query of a body that describes itself. */
export const npyQuerySchema = z.strictObject(queryShape).superRefine(checkGranularities);

/** The query of bare numbers, which must bring their shape. */
export const rawQuerySchema = z
  .strictObject({ ...queryShape, frames: sizeSchema, dims: sizeSchema })
  .superRefine(checkGranularities);
