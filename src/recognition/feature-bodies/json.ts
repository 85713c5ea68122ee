import { SoriError } from '../../errors.ts';
import type { FeatureMatrix } from '../../features/feature-matrix.ts';
import { DuplicateKeyError, parseJsonText } from '../json-text.ts';
import { checkFinite, type FeatureDemands, invalidFeatures } from './checks.ts';
import { excerpt, mark, skipSpace } from './json-bytes.ts';
import { readRow } from './json-rows.ts';

const maxEnvelopeBytes = 65536;

/** 1 for each byte that has a say in where a value ends. */
const structure = new Uint8Array(256);
const { quote, comma, openBrace, closeBrace, openBracket, closeBracket } = mark;
for (const byte of [quote, comma, openBrace, closeBrace, openBracket, closeBracket])
  structure[byte] = 1;

/** The first byte of a value and the one behind its last. */
export type ByteSpan = { readonly start: number; readonly end: number };

/** The fields that may hold a matrix; `features` must. */
export type MatrixField = 'features' | 'hmm_features';

/** A JSON body taken apart: its small fields, and where in the bytes its matrices stand. */
export type JsonFeatureBody = {
  /** The body as an object, its matrices replaced by null. */
  readonly envelope: unknown;
  readonly matrices: ReadonlyMap<MatrixField, ByteSpan>;
};

/**
 * Finds the fields that hold matrices in a JSON object without building them: millions of boxed numbers
 * or a body of nested brackets would cost many times its size in memory. The rest of the body goes
 * through `JSON.parse`.
 * @throws SoriError invalid_request if the body is no JSON object, has a field twice, or lacks `features`
 */
export function splitJsonBody(body: Uint8Array, fields: readonly MatrixField[]): JsonFeatureBody {
  const keys = fields.map((field) => ({ field, bytes: Buffer.from(field) }));
  const matrices = new Map<MatrixField, ByteSpan>();
  let position = skipSpace(body, 0);
  if (body[position] !== openBrace) throw malformed('expected a JSON object', body, position);
  do {
    position = skipSpace(body, position + 1);
    if (body[position] === closeBrace) break;
    if (body[position] !== quote) throw malformed('expected a field name', body, position);
    const keyEnd = skipString(body, position);
    const key = Buffer.from(body.buffer, body.byteOffset + position + 1, keyEnd - position - 2);
    position = skipSpace(body, keyEnd);
    if (body[position] !== mark.colon) throw malformed('expected ":"', body, position);
    const start = skipSpace(body, position + 1);
    const field = keys.find(({ bytes }) => key.equals(bytes))?.field;
    const end =
      (field === undefined ? undefined : endOfCompactRows(body, start)) ?? skipValue(body, start);
    if (field !== undefined) {
      if (matrices.has(field)) {
        const twice = new DuplicateKeyError(field, true);
        throw new SoriError('invalid_request', twice.message, { param: field });
      }
      matrices.set(field, { start, end });
    }
    position = skipSpace(body, end);
  } while (body[position] === comma);
  if (!matrices.has('features'))
    throw new SoriError('invalid_request', 'missing field features: expected rows of numbers', {
      param: 'features',
    });
  return { envelope: parseEnvelope(body, [...matrices.values()]), matrices };
}

/**
 * Reads a matrix that `splitJsonBody` found: rows of numbers, each as wide as the model reads.
 * @throws SoriError invalid_features | too_many_frames
 */
export function parseJsonFeatures(
  body: Uint8Array,
  { start, end }: ByteSpan,
  { dims, maxFrames }: FeatureDemands,
  field: MatrixField = 'features',
): FeatureMatrix {
  let values = new Float32Array(256 * dims); // frames × dims; [t * dims + d]
  let frames = 0;
  let position = start;
  const fail = (expected: string, where: string) =>
    invalidFeatures(`${where}: expected ${expected}, got ${excerpt(body, position)}`, field);

  if (body[position] !== openBracket) throw fail('an array of rows', field);
  position = skipSpace(body, position + 1);
  if (body[position] === closeBracket)
    throw invalidFeatures('expected at least one frame, got an empty matrix', field);
  for (;;) {
    if (body[position] !== openBracket) throw fail('a row of numbers', `${field}[${frames}]`);
    if (frames === maxFrames)
      throw new SoriError('too_many_frames', `expected at most ${maxFrames} frames, got more`, {
        param: field,
      });
    if ((frames + 1) * dims > values.length) values = grown(values);
    const row = values.subarray(frames * dims, (frames + 1) * dims);
    position = readRow(body, position, row, `${field}[${frames}]`, field);
    frames++;
    position = skipSpace(body, position + 1);
    if (body[position] === closeBracket) break;
    if (body[position] !== comma) throw fail('"," or "]"', `${field}[${frames}]`);
    position = skipSpace(body, position + 1);
  }
  if (position + 1 !== end) throw fail('the end of the matrix', `${field}[${frames}]`);
  const matrix = { frames, dims, values: values.slice(0, frames * dims) };
  checkFinite(matrix, field);
  return matrix;
}

function parseEnvelope(body: Uint8Array, matrices: readonly ByteSpan[]): unknown {
  const bytes = matrices.reduce((sum, { start, end }) => sum - (end - start), body.byteLength);
  if (bytes > maxEnvelopeBytes)
    throw new SoriError(
      'invalid_request',
      `expected at most ${maxEnvelopeBytes} bytes of JSON beside the features, got ${bytes}`,
    );
  try {
    const utf8 = new TextDecoder('utf-8', { fatal: true });
    const starts = [0, ...matrices.map(({ end }) => end)];
    const ends = [...matrices.map(({ start }) => start), body.byteLength];
    const parts = starts.map((start, index) => utf8.decode(body.subarray(start, ends[index])));
    return parseJsonText(parts.join('null'));
  } catch (cause) {
    if (cause instanceof DuplicateKeyError && cause.isOuter)
      throw new SoriError('invalid_request', cause.message, { param: cause.key });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SoriError('invalid_request', `malformed JSON: ${reason}`, { cause });
  }
}

/** @param from where the opening quote stands; returns the position behind the closing one */
function skipString(body: Uint8Array, from: number): number {
  let position = from + 1;
  while (body[position] !== quote) {
    if (position >= body.length) throw malformed('expected a closing quote', body, position);
    position += body[position] === mark.backslash ? 2 : 1;
  }
  return position + 1;
}

/**
 * The position behind rows of numbers that are written as programs write them, without space between brackets;
 * undefined where it takes a closer look. What stands there may still be no matrix.
 */
function endOfCompactRows(body: Uint8Array, start: number): number | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const end = bytes.indexOf(']]', start);
  if (bytes[start] !== openBracket || end === -1) return undefined;
  const inside = bytes.subarray(start + 1, end + 1);
  if (inside.includes(quote) || inside.includes(openBrace)) return undefined;
  return countOf(inside, openBracket) === countOf(inside, closeBracket) ? end + 2 : undefined;
}

function countOf(bytes: Uint8Array, byte: number): number {
  let count = 0;
  for (let at = bytes.indexOf(byte); at !== -1; at = bytes.indexOf(byte, at + 1)) count++;
  return count;
}

/** The position behind a value, found by its brackets alone; what is inside is judged later. */
function skipValue(body: Uint8Array, from: number): number {
  let depth = 0;
  let position = from;
  for (;;) {
    while (structure[body[position]!] === 0) position++;
    if (position >= body.length) throw malformed('expected the end of a value', body, position);
    const byte = body[position];
    if (byte === quote) {
      position = skipString(body, position);
      continue;
    }
    if (byte === openBracket || byte === openBrace) depth++;
    else if (byte === closeBracket || byte === closeBrace) {
      if (depth === 0) return position;
      depth--;
      if (depth === 0) return position + 1;
    } else if (byte === comma && depth === 0) return position;
    position++;
  }
}

function grown(values: Float32Array): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(2 * values.length);
  larger.set(values);
  return larger;
}

function malformed(expected: string, body: Uint8Array, position: number): SoriError {
  const found = excerpt(body, position);
  return new SoriError(
    'invalid_request',
    `malformed JSON at byte ${position}: ${expected}, got ${found}`,
  );
}
