import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { SoriError } from '../../src/errors.ts';
import { unacceptedContentType } from '../../src/plugins/errors.ts';
import { parseRequest } from '../../src/recognition/validation.ts';
import { checkNoQuery, listNamed } from '../fields.ts';
import { ownBytes } from '../own-bytes.ts';

/** A multipart form, read whole: its one file and its text fields. */
type RecordingForm = {
  readonly file: Uint8Array;
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
};

/** The longest text that a field may have. */
export const maxFieldBytes = 65_536;

export const accepts = ['multipart/form-data'];

/**
 * Reads a request that is a recording and fields, all in its form and nothing in its query.
 * @throws SoriError invalid_request | unsupported_media_type | body_too_large
 */
export async function readRecordingRequest<Schema extends z.ZodType>(
  request: FastifyRequest,
  schema: Schema,
): Promise<{ readonly bytes: Uint8Array; readonly fields: z.output<Schema> }> {
  checkNoQuery(request.query as Readonly<Record<string, unknown>>, 'form');
  const { file, fields } = await readRecordingForm(request);
  return { bytes: ownBytes(file), fields: parseRequest(schema, fields) };
}

async function readRecordingForm(request: FastifyRequest): Promise<RecordingForm> {
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
    const fieldname: string | undefined = part.fieldname;
    if (fieldname === undefined)
      throw new SoriError('invalid_request', 'form: expected a name in every part, got none');
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
  if (typeof value !== 'string')
    throw misplaced(name, 'expected plain text, got another content type');
  if (valueTruncated) throw misplaced(name, `expected at most ${maxFieldBytes} bytes, got more`);
  const list = listNamed(name);
  if (list !== undefined) fields.set(list, [...(fields.get(list) ?? []), value]);
  else if (fields.has(name)) throw misplaced(name, 'expected one value, got two');
  else fields.set(name, value);
}

function misplaced(field: string, message: string): SoriError {
  return new SoriError('invalid_request', `field ${field}: ${message}`, { param: field });
}
