import { z } from 'zod';

export const modelParamsSchema = z.strictObject({ id: z.string() });
