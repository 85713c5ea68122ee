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
 * Asks for something and reads the answer. Throws `ServiceError`, or what `signal` was aborted with: the
 * service gives up the work of a request that is cancelled.
 */
export async function ask<Answer>(
  url: string | URL,
  request: RequestInit & { readonly signal: AbortSignal },
  read: (response: Response) => Promise<Answer>,
): Promise<Answer> {
  try {
    const response = await fetch(url, request);
    if (!response.ok) throw await errorIn(response);
    return await read(response);
  } catch (error) {
    request.signal.throwIfAborted();
    if (error instanceof ServiceError) throw error;
    // The connection could not be made, or broke while the answer came.
    if (error instanceof TypeError) throw new ServiceError('unreachable', error.message);
    throw error;
  }
}

/** Posts a recording. Throws as `ask` does. */
export function postRecording<Answer>(
  route: AudioRoute,
  file: File,
  fields: Fields,
  signal: AbortSignal,
  read: (response: Response) => Promise<Answer>,
): Promise<Answer> {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  form.append('file', file, file.name);
  return ask(`/v1/audio/${route}`, { method: 'POST', body: form, signal }, read);
}

/** The error that an answer says, or where it says none, as behind a proxy, its status. */
async function errorIn(response: Response): Promise<ServiceError> {
  const body = await response.text();
  try {
    const { error } = JSON.parse(body) as { error: { code: string; message: string } };
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
