import type { ErrorCode } from '../src/errors.ts';

/** What every request can be answered with that is recognised. */
export const recognitionErrors: readonly ErrorCode[] = [
  'invalid_request',
  'unauthorized',
  'model_not_found',
  'request_timeout',
  'body_too_large',
  'unsupported_media_type',
  'queue_full',
  'rate_limit_exceeded',
  'internal_error',
  'not_ready',
  'overloaded',
  'worker_died',
  'deadline_exceeded',
];

/** The same where what comes is a recording, and where it is features. */
export const recordingErrors: readonly ErrorCode[] = [
  ...recognitionErrors,
  'audio_too_long',
  'undecodable_audio',
];
export const featureErrors: readonly ErrorCode[] = [
  ...recognitionErrors,
  'invalid_features',
  'too_many_frames',
];

/** What formats without room for it say in headers. */
export const answerHeaders = {
  'x-sori-model': 'The model that answered.',
  'x-sori-model-sha256': 'Of the graph that gave the answer.',
  'x-sori-duration': 'Of the recording, in seconds.',
} as const;

export const emissionsHeaders = {
  ...answerHeaders,
  'x-sori-acoustic-model': '`ctc`, `hmm` or `hybrid`.',
  'x-sori-frame-shift': 'Seconds from one row to the next.',
  'x-sori-labels':
    'Of the columns, as a list in JSON: the labels of `ctc`, which `GET /v1/models/{id}` has as `alphabet`; of `hmm` and `hybrid` units and their states as alignments number them, such as `seven/3`, of states that share a column the first. Left out where it is longer than 6000 bytes.',
  'x-sori-blank': 'Which column of `ctc` is the blank.',
} as const;
