import type { z } from 'zod';
import type { comparisonAnswerSchema } from '../routes/comparison-schemas.ts';

export type ComparisonAnswer = z.infer<typeof comparisonAnswerSchema>;
export type Reading = Exclude<ComparisonAnswer['decoders'][number], { error: unknown }>;
export type ReadWord = Reading['words'][number];

export type AudioRoute = 'comparisons' | 'transcriptions' | 'alignments' | 'emissions';
export type Fields = readonly (readonly [name: string, value: string])[];

/** The service refused, failed, or could not be reached (`unreachable`); the code is of its table. */
export class ServiceError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
  }
}

/**
 * Posts a recording. Throws `ServiceError`, or what `signal` was aborted with: the service gives up the
 * work of a request that is cancelled.
 */
export async function postRecording(
  route: AudioRoute,
  file: File,
  fields: Fields,
  signal: AbortSignal,
): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  form.append('file', file, file.name);
  let response: Response;
  try {
    response = await fetch(`/v1/audio/${route}`, { method: 'POST', body: form, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new ServiceError('unreachable', (error as Error).message);
  }
  if (!response.ok) throw await errorIn(response);
  return response;
}

async function errorIn(response: Response): Promise<ServiceError> {
  try {
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    return new ServiceError(error.code, error.message);
  } catch {
    return new ServiceError(`http_${response.status}`, response.statusText);
  }
}

/** The same request for a terminal. */
export function curlLine(route: AudioRoute, fileName: string, fields: Fields): string {
  const parts = fields.map(([name, value]) => `--form-string ${quoted(`${name}=${value}`)}`);
  const file = `-F ${quoted(`file=@"${fileName.replaceAll(/["\\]/gu, '\\$&')}"`)}`;
  return ['curl', ...parts, file, `${location.origin}/v1/audio/${route}`].join(' ');
}

/** One word of a POSIX shell. */
function quoted(word: string): string {
  return /^[\w=.,:@/-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
