import type { FeatureMatrix } from '../../features/feature-matrix.ts';
import { abbreviate } from '../validation.ts';
import { checkFinite, checkShape, type FeatureDemands, invalidFeatures } from './checks.ts';
import { readFloat32, readFloat64 } from './raw.ts';

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const maxHeaderBytes = 4096;

/**
 * A 2-D array in NumPy's format (numpy.lib.format, versions 1.0, 2.0 and 3.0): little-endian float32
 * or float64 in C order. Anything else is refused by name rather than reinterpreted.
 * @throws SoriError invalid_features | too_many_frames
 */
export function parseNpyFeatures(body: Uint8Array, demands: FeatureDemands): FeatureMatrix {
  const { header, dataOffset } = readHeader(body);
  const descr = field(header, 'descr', /^'([^']*)'/);
  if (descr !== '<f4' && descr !== '<f8')
    throw invalidFeatures(
      `npy: expected descr '<f4' or '<f8' (little-endian floats), got ${abbreviate(descr)}`,
    );
  const fortranOrder = field(header, 'fortran_order', /^(True|False)\b/);
  if (fortranOrder !== 'False')
    throw invalidFeatures('npy: expected C order, got fortran_order True');
  const [frames, dims] = readShape(header);
  checkShape(frames, dims, demands);
  const count = frames * dims;
  const expectedBytes = count * (descr === '<f4' ? 4 : 8);
  const dataBytes = body.byteLength - dataOffset;
  if (dataBytes !== expectedBytes)
    throw invalidFeatures(
      `npy: expected ${expectedBytes} bytes of data for ${frames} × ${dims} of ${descr}, got ${dataBytes}`,
    );
  const readNumbers = descr === '<f4' ? readFloat32 : readFloat64;
  const matrix = { frames, dims, values: readNumbers(body, dataOffset, count) };
  checkFinite(matrix);
  return matrix;
}

function readHeader(body: Uint8Array): { header: string; dataOffset: number } {
  if (body.byteLength < 10 || magic.some((byte, index) => body[index] !== byte))
    throw invalidFeatures('npy: expected a file that starts with \\x93NUMPY');
  const major = body[6]!;
  const minor = body[7]!;
  if (major < 1 || major > 3 || minor !== 0)
    throw invalidFeatures(`npy: expected format version 1.0, 2.0 or 3.0, got ${major}.${minor}`);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const start = major === 1 ? 10 : 12;
  if (body.byteLength < start) throw invalidFeatures('npy: the file ends inside its header');
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > maxHeaderBytes)
    throw invalidFeatures(
      `npy: expected a header of at most ${maxHeaderBytes} bytes, got ${length}`,
    );
  if (start + length > body.byteLength)
    throw invalidFeatures('npy: the file ends inside its header');
  const header = Buffer.from(body.buffer, body.byteOffset + start, length)
    .toString('latin1')
    .trim();
  if (!/^\{.*\}$/s.test(header))
    throw invalidFeatures(`npy: expected a dictionary as header, got ${abbreviate(header)}`);
  return { header, dataOffset: start + length };
}

/** The value behind `'key':` in the header, which is the text of a Python dictionary. */
function field(header: string, key: string, pattern: RegExp): string {
  const parts = header.split(new RegExp(`['"]${key}['"]\\s*:\\s*`));
  const value = parts.length === 2 ? pattern.exec(parts[1]!)?.[1] : undefined;
  if (value === undefined)
    throw invalidFeatures(`npy: expected one ${key} in the header, got ${abbreviate(header)}`);
  return value;
}

function readShape(header: string): [frames: number, dims: number] {
  const shape = field(header, 'shape', /^\(([\d\s,]*)\)/);
  const sizes = shape.split(',').map((size) => size.trim());
  if (sizes.at(-1) === '') sizes.pop();
  if (sizes.length !== 2) throw invalidFeatures(`npy: expected a 2-D array, got shape (${shape})`);
  const [frames, dims] = sizes.map((size) => (size === '' ? Number.NaN : Number(size)));
  if (!Number.isSafeInteger(frames) || !Number.isSafeInteger(dims))
    throw invalidFeatures(
      `npy: expected a shape of two whole numbers below 2^53, got shape (${shape})`,
    );
  return [frames!, dims!];
}
