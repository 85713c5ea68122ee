import { z } from 'zod';
import type { Operation } from '../openapi/operation.ts';

export const liveness: Operation = {
  id: 'liveness',
  tag: 'operations',
  summary: 'Whether the process lives',
  description: 'Answers as long as the process can.',
  answers: [
    {
      contentType: 'application/json',
      schema: z.strictObject({ status: z.literal('alive') }),
    },
  ],
  errors: [],
};

export const readiness: Operation = {
  id: 'readiness',
  tag: 'operations',
  summary: 'Whether it takes requests',
  description:
    'Not while models are being loaded, while no worker can be started, and once it stops.',
  answers: [
    {
      contentType: 'application/json',
      schema: z.strictObject({ status: z.literal('ready') }),
    },
  ],
  errors: ['not_ready'],
};

export const metrics: Operation = {
  id: 'metrics',
  tag: 'operations',
  summary: 'Figures for Prometheus',
  description: 'Requests, failures, stages, queue and process, in Prometheus’ text format.',
  answers: [{ contentType: 'text/plain' }],
  errors: ['internal_error'],
};
