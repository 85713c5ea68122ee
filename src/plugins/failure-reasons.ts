import type { ErrorCode } from '../errors.ts';

/**
 * Why requests fail, as those who run a service tell failures apart: `rejected`, turned away although
 * nothing was wrong with it; `cancelled`, given up before its answer; `backend`, a fault of Sori's; `other`,
 * a fault of the request's own.
 */
export const failureReasons = ['rejected', 'cancelled', 'backend', 'other'] as const;
export type FailureReason = (typeof failureReasons)[number];

export const reasonOf: Readonly<Record<ErrorCode, FailureReason>> = {
  invalid_request: 'other',
  invalid_features: 'other',
  unauthorized: 'other',
  not_found: 'other',
  method_not_allowed: 'other',
  model_not_found: 'other',
  request_timeout: 'other',
  body_too_large: 'other',
  audio_too_long: 'other',
  too_many_frames: 'other',
  unsupported_media_type: 'other',
  undecodable_audio: 'other',
  unalignable_text: 'other',
  queue_full: 'rejected',
  rate_limit_exceeded: 'rejected',
  client_closed_request: 'cancelled',
  internal_error: 'backend',
  not_ready: 'rejected',
  overloaded: 'rejected',
  worker_died: 'backend',
  deadline_exceeded: 'cancelled',
};
