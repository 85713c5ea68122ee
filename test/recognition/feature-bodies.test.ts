import { describe, expect, it } from 'vitest';
import { SoriError } from '../../src/errors.ts';
import type { FeatureMatrix } from '../../src/features/feature-matrix.ts';
import { Random } from '../../src/math/random.ts';
import { parseJsonFeatures, splitJsonBody } from '../../src/recognition/feature-bodies/json.ts';
import { parseNpyFeatures } from '../../src/recognition/feature-bodies/npy.ts';
import { parseRawFeatures } from '../../src/recognition/feature-bodies/raw.ts';
import { npyBody } from '../support/feature-bodies.ts';

const demands = { dims: 3, maxFrames: 4 };
const matrix: FeatureMatrix = {
  frames: 2,
  dims: 3,
  values: Float32Array.of(1, -2.5, 3e-5, 0, 1e30, -0.1),
};

function parseJson(text: string, limits = demands): FeatureMatrix {
  const body = Buffer.from(text);
  const { matrices } = splitJsonBody(body, ['features']);
  return parseJsonFeatures(body, matrices.get('features')!, limits);
}

/** Like `expect(…).toThrow`, but of the error's code and message together. */
function expectRefusal(work: () => unknown, code: string, message: string | RegExp): void {
  let thrown: unknown;
  try {
    work();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(SoriError);
  expect((thrown as SoriError).code).toBe(code);
  expect((thrown as SoriError).message).toMatch(message);
}

describe('features in JSON', () => {
  it('reads rows of numbers, wherever the field stands and however it is spaced', () => {
    const rows = '[[1, -2.5, 3e-5], [0, 1E+30, -0.1]]';
    expect(parseJson(`{"features": ${rows}}`)).toEqual(matrix);
    expect(parseJson(`{"model":"x","features":${rows.replaceAll(' ', '')}}`)).toEqual(matrix);
    expect(parseJson(`\n{ "features" :\r\n\t${rows} , "model" : "x" }\n`)).toEqual(matrix);
  });

  it('hands the other fields on, with strings that look like structure', () => {
    const tricky = { model: '"},]{[\\', nested: { features: [[1]] }, features: [[1, 2, 3]] };
    const { envelope } = splitJsonBody(Buffer.from(JSON.stringify(tricky)), ['features']);
    expect(envelope).toEqual({ ...tricky, features: null });
  });

  it('reads every number as JSON.parse does, to the last bit', () => {
    const random = new Random(11);
    const numbers = Array.from({ length: 3000 }, () => {
      const magnitude = 10 ** random.uniform(-40, 30);
      const value = random.gaussian() * magnitude;
      return random.pick([
        () => String(value),
        () => value.toExponential(random.integer(20)),
        () => value.toFixed(random.integer(20)),
        () => String(Math.round(value)),
        () => `${random.integer(1000)}.${'0'.repeat(random.integer(30))}${random.integer(99)}e-3`,
        () => '-0',
        () => '9007199254740993',
      ])();
    }).filter((text) => Math.abs(Number(text)) < 3e38);
    const parsed = parseJson(`{"features": [[${numbers.join(',')}]]}`, {
      dims: numbers.length,
      maxFrames: 1,
    });
    const expected = JSON.parse(`[${numbers.join(',')}]`) as number[];
    expect([...parsed.values]).toEqual([...Float32Array.from(expected)]);
  });

  it('agrees with JSON.parse on what is a matrix of numbers, for thousands of broken bodies', () => {
    const random = new Random(12);
    const alphabet = '[]{},:"-+.eE0123456789 \\nu';
    let accepted = 0;
    for (let round = 0; round < 6000; round++) {
      const bytes = [...'{"features":[[1,-2.5,3e-5],[0,1E2,-0.1]]}'];
      for (let edits = 1 + random.integer(3); edits > 0; edits--) {
        const place = random.integer(bytes.length);
        const replacement = random.chance(0.3) ? [] : [random.pick([...alphabet])];
        bytes.splice(place, random.integer(2), ...replacement);
      }
      const text = bytes.join('');
      const expected = matrixByJsonParse(text);
      let found: FeatureMatrix | undefined;
      try {
        found = parseJson(text);
      } catch (error) {
        expect(error, text).toBeInstanceOf(SoriError);
      }
      // A key may be written with escapes for JSON.parse; here it may not, and nobody does.
      expect(found, text).toEqual(expected);
      if (found !== undefined) accepted++;
    }
    expect(accepted).toBeGreaterThan(300);
  });

  it.each([
    ['[]', /expected a JSON object/],
    ['', /expected a JSON object, got the end of the body/],
    ['{"model": "x"}', /missing field features/],
    ['{"features": [[1,2,3]], "features": [[1,2,3]]}', /given twice/],
    ['{"features": [[1,2,3]]', /malformed JSON/],
    ['{"features": [[1,2,3]]} x', /malformed JSON/],
    ['{"features": [[1,2,3]', /expected the end of a value/],
    [`{"features": [[1,2,3]], "model": "${'x'.repeat(70_000)}"}`, /at most 65536 bytes/],
  ])('refuses %.60s', (text, message) => {
    expectRefusal(() => parseJson(text), 'invalid_request', message);
  });

  it.each([
    ['5', /expected an array of rows, got "5"$/],
    ['null', /expected an array of rows/],
    ['[]', /at least one frame, got an empty matrix/],
    ['[[]]', /features\[0\]: expected 3 numbers, got 0/],
    ['[1,2,3]', /features\[0\]: expected a row of numbers/],
    ['[[1,2,3],[1,2]]', /features\[1\]: expected 3 numbers, got 2/],
    ['[[1,2,3,4]]', /features\[0\]: expected 3 numbers, got 4/],
    ['[[1,2,"3"]]', /features\[0\]\[2\]: expected a number, got "3"$/],
    ['[["1 \\" 2",2,3]]', /features\[0\]\[0\]: expected a number, got "1 \\" 2"$/],
    [`[["${'x'.repeat(100)}",2,3]]`, /expected a number, got "x{22}…$/],
    ['[[1,2,null]]', /features\[0\]\[2\]: expected a number, got "null"$/],
    ['[[1,2,{"a": 3}]]', /features\[0\]\[2\]: expected a number, got "{"$/],
    ['[[1,2,NaN]]', /features\[0\]\[2\]: expected a number/],
    ['[[1,2,1e999]]', /finite float32 numbers, got Infinity at frame 0, feature 2/],
    ['[[1,2,1e39]]', /finite float32 numbers/],
    ['[[1,2,[3]]]', /features\[0\]\[2\]: expected a number/],
    ['[[1,2,3],]', /features\[1\]: expected a row/],
    ['[[01,2,3]]', /features\[0\]\[0\]: expected a number/],
  ])('refuses the matrix %s', (rows, message) => {
    expectRefusal(() => parseJson(`{"features": ${rows}}`), 'invalid_features', message);
  });

  it('refuses more frames than the limit as soon as it meets them', () => {
    const rows = Array(5).fill('[1,2,3]').join(',');
    expectRefusal(() => parseJson(`{"features":[${rows}]}`), 'too_many_frames', /at most 4 frames/);
  });

  it('refuses a body of nothing but brackets without building it', () => {
    const text = `{"features":${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}}`;
    expectRefusal(() => parseJson(text), 'invalid_features', /features\[0\]\[0\]/);
  });
});

/** The slow way, which judges the test's small bodies. */
function matrixByJsonParse(text: string): FeatureMatrix | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!text.includes('"features"') || text.split('"features"').length > 2) return undefined;
  const rows = (body as { features?: unknown }).features;
  if (!Array.isArray(rows) || rows.length === 0 || rows.length > demands.maxFrames)
    return undefined;
  const fits = rows.every(
    (row: unknown) =>
      Array.isArray(row) &&
      row.length === demands.dims &&
      row.every((value) => typeof value === 'number' && Number.isFinite(Math.fround(value))),
  );
  if (!fits) return undefined;
  const values = Float32Array.from((rows as number[][]).flat());
  return { frames: rows.length, dims: demands.dims, values };
}

describe('features as npy', () => {
  it('reads float32 and float64 in C order, of every format version, at any alignment', () => {
    for (const descr of ['<f4', '<f8'] as const)
      for (const version of [1, 2, 3] as const)
        for (const padding of [0, 1, 2, 3]) {
          const body = npyBody(matrix, { descr, version, padding });
          expect(parseNpyFeatures(body, demands)).toEqual(matrix);
        }
  });

  const header = (text: string) => npyBody(matrix, { header: text });
  it.each<[string, Uint8Array, RegExp]>([
    ['no npy', Buffer.from('RIFF and more'), /starts with/],
    ['nothing', new Uint8Array(0), /starts with/],
    ['big-endian numbers', npyBody(matrix, { descr: '>f4' }), /expected descr '<f4' or '<f8'/],
    ['integers', npyBody(matrix, { descr: '<i4' }), /got "<i4"/],
    ['Python objects', npyBody(matrix, { descr: '|O' }), /got "\|O"/],
    ['Fortran order', npyBody(matrix, { fortranOrder: true }), /expected C order/],
    ['a vector', npyBody(matrix, { shape: '(6,)' }), /expected a 2-D array, got shape \(6,\)/],
    ['a cube', npyBody(matrix, { shape: '(1, 2, 3)' }), /expected a 2-D array/],
    [
      'a shape past counting',
      npyBody(matrix, { shape: '(99999999999999999999, 3)' }),
      /expected a shape of two whole numbers below 2\^53, got shape \(99999999999999999999, 3\)/,
    ],
    ['half a shape', npyBody(matrix, { shape: '(, 3)' }), /expected a shape of two whole numbers/],
    ['no rows', npyBody(matrix, { shape: '(0, 3)' }), /at least one frame/],
    ['other columns', npyBody(matrix, { shape: '(3, 2)' }), /expected 3 features a frame, got 2/],
    ['a lying shape', npyBody(matrix, { shape: '(3, 3)' }), /expected 36 bytes of data.*got 24/],
    ['a negative shape', npyBody(matrix, { shape: '(-2, 3)' }), /expected one shape/],
    ['a cut', npyBody(matrix, {}).subarray(0, -1), /got 23/],
    ['a cut inside the header', npyBody(matrix, {}).subarray(0, 40), /ends inside its header/],
    ['more bytes than it says', Buffer.concat([npyBody(matrix, {}), Buffer.alloc(1)]), /got 25/],
    ['an unknown version', npyBody(matrix, { version: 9 }), /got 9\.0/],
    ['no dictionary', header('hello'), /expected a dictionary/],
    ['no descr', header("{'fortran_order': False, 'shape': (2, 3)}"), /expected one descr/],
    [
      'two shapes',
      header("{'descr': '<f4', 'shape': (2, 3), 'shape': (2, 3), 'fortran_order': False}"),
      /expected one shape/,
    ],
  ])('refuses %s', (_, body, message) => {
    expectRefusal(() => parseNpyFeatures(body, demands), 'invalid_features', message);
  });

  it('refuses numbers that are not finite as float32', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
      const values = Float64Array.from(matrix.values);
      values[4] = value;
      const body = npyBody({ ...matrix, values }, { descr: '<f8' });
      expectRefusal(
        () => parseNpyFeatures(body, demands),
        'invalid_features',
        /finite.*at frame 1, feature 1/,
      );
    }
  });

  it('refuses a shape over the limit before it allocates anything for it', () => {
    const body = npyBody(matrix, { shape: '(999999999, 3)' });
    expectRefusal(() => parseNpyFeatures(body, demands), 'too_many_frames', /at most 4 frames/);
  });
});

describe('features as bare float32', () => {
  const bytes = new Uint8Array(Float32Array.from(matrix.values).buffer);
  const shape = { frames: 2, dims: 3 };

  it('reads little-endian numbers of the declared shape', () => {
    expect(parseRawFeatures(bytes, shape, demands)).toEqual(matrix);
  });

  it.each<[string, Uint8Array, typeof shape, RegExp]>([
    ['a short body', bytes.subarray(4), shape, /expected 24 bytes for 2 × 3.*got 20/],
    ['a long body', Buffer.concat([bytes, Buffer.alloc(4)]), shape, /got 28/],
    ['no frames', new Uint8Array(0), { frames: 0, dims: 3 }, /at least one frame/],
    ['another width', bytes, { frames: 3, dims: 2 }, /expected 3 features a frame, got 2/],
  ])('refuses %s', (_, body, declared, message) => {
    const work = () => parseRawFeatures(body, declared, demands);
    expectRefusal(work, 'invalid_features', message);
  });

  it('refuses NaN and infinities', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const values = Float32Array.from(matrix.values);
      values[5] = value;
      const work = () => parseRawFeatures(new Uint8Array(values.buffer), shape, demands);
      expectRefusal(work, 'invalid_features', `got ${value} at frame 1, feature 2`);
    }
  });
});
