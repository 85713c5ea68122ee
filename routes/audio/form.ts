import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { SoriError } from '../../src/errors.ts';
import { unacceptedContentType } from '../../src/plugins/errors.ts';

/** A multipart form, read whole: its one file and its text fields. */
export type RecordingForm = {
  readonly file: Uint8Array;
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
};

/** The fields that may be given more than once, with or without OpenAI's brackets behind the name. */
const listFields: readonly string[] = ['timestamp_granularities'];

/**
 * Reads the form of a recording.
 * @throws SoriError invalid_request | unsupported_media_type | body_too_large
 */
export async function readRecordingForm(request: FastifyRequest): Promise<RecordingForm> {
  if (!request.isMultipart()) throw unacceptedContentType(request);
  try {
    return await readParts(request.parts());
  } catch (error) {
    // The parser's own errors that have a status are answered with it; all others blame the bytes.
    if (error instanceof SoriError || (error instanceof Error && 'statusCode' in error))
      throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SoriError('invalid_request', `malformed multipart/form-data: ${reason}`, {
      cause: error,
    });
  }
}

async function readParts(parts: AsyncIterable<Multipart>): Promise<RecordingForm> {
  let file: Uint8Array | undefined;
  const fields = new Map<string, string | string[]>();
  for await (const part of parts) {
    const { fieldname } = part;
    if (part.type === 'file') {
      if (fieldname !== 'file') throw misplaced(fieldname, 'expected a text field, got a file');
      if (file !== undefined) throw misplaced('file', 'expected one file, got two');
      file = await part.toBuffer();
    } else {
      if (fieldname === 'file')
        throw misplaced('file', 'expected a file, got text: the part has no filename');
      addField(fields, fieldname, part);
    }
  }
  if (file === undefined) throw misplaced('file', 'missing: expected a recording');
  return { file, fields: Object.fromEntries(fields) };
}

function addField(
  fields: Map<string, string | string[]>,
  name: string,
  part: Extract<Multipart, { type: 'field' }>,
): void {
  const { value, valueTruncated } = part;
  if (typeof value !== 'string') throw misplaced(name, 'expected plain text');
  if (valueTruncated) throw misplaced(name, 'the value is too long');
  const plainName = name.endsWith('[]') ? name.slice(0, -2) : name;
  if (listFields.includes(plainName)) {
    const values = fields.get(plainName) ?? [];
    fields.set(plainName, [...values, value]);
  } else if (fields.has(name)) throw misplaced(name, 'given twice');
  else fields.set(name, value);
}

function misplaced(field: string, message: string): SoriError {
  return new SoriError('invalid_request', `field ${field}: ${message}`, { param: field });
}
