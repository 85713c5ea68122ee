import type { Operation } from '../openapi/operation.ts';
import { modelListSchema, modelParamsSchema, modelViewSchema } from './schemas.ts';

export const listModels: Operation = {
  id: 'listModels',
  tag: 'models',
  summary: 'Models',
  description: 'Every model that is served, in OpenAI’s list shape.',
  answers: [{ contentType: 'application/json', schema: modelListSchema }],
  errors: ['invalid_request', 'unauthorized', 'internal_error', 'not_ready'],
};

export const retrieveModel: Operation = {
  id: 'retrieveModel',
  tag: 'models',
  summary: 'One model',
  description: 'What a model is, what it reads, what can be asked of it, and how often it errs.',
  path: { schema: modelParamsSchema, examples: ({ name }) => ({ id: name }) },
  answers: [{ contentType: 'application/json', schema: modelViewSchema }],
  errors: ['invalid_request', 'unauthorized', 'model_not_found', 'internal_error', 'not_ready'],
};
