import { expect } from 'vitest';
import { Random } from '../../src/math/random.ts';
import { npyBody, rawBody, rowsOf } from '../support/feature-bodies.ts';
import { syntheticWav } from '../support/recording.ts';
import type { TestService } from '../support/service.ts';

/** A request that the tiny model with an HMM answers. */
export type ValidRequest = {
  readonly name: string;
  /** Below `/v1`. */
  readonly path: string;
  readonly contentType: string;
  /** What is to be damaged. */
  readonly body: Uint8Array;
  /** What stays whole before and behind it. */
  readonly around?: readonly [Uint8Array, Uint8Array];
};

type Fields = readonly (readonly [name: string, value: string])[];

const frames = 5;
const dims = 24;
const values = Float32Array.from({ length: frames * dims }, (_, index) => Math.sin(index));
const matrix = { frames, dims, values };
const rows = rowsOf(matrix);
const hmmRows = rowsOf({ frames: 2 * frames, dims: dims / 2, values });
const wav = syntheticWav({ seconds: 0.3, seed: 1 });
const grammar = '{"repeat": {"alternatives": ["one", {"optional": "two"}]}, "times": 3}';

function formParts(fields: Fields): readonly [head: Buffer, tail: Buffer] {
  const texts = fields.map(
    ([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n';
  return [Buffer.from(texts.join('') + file), Buffer.from('\r\n--x--\r\n')];
}

/** A form of fields and a recording, all of which may be damaged. */
function form(name: string, path: string, fields: Fields): ValidRequest {
  const [head, tail] = formParts(fields);
  const body = Buffer.concat([head, wav, tail]);
  return { name, path, contentType: 'multipart/form-data; boundary=x', body };
}

function json(name: string, path: string, body: object): ValidRequest {
  const contentType = 'application/json';
  return { name, path, contentType, body: Buffer.from(JSON.stringify(body)) };
}

/** One request of every kind that the service takes. */
export const validRequests: readonly ValidRequest[] = [
  {
    ...form('recordings in whole forms', 'audio/transcriptions', []),
    body: wav,
    around: formParts([]),
  },
  form('forms', 'audio/transcriptions', [['model', 'tiny']]),
  form('forms of beam searches', 'audio/transcriptions', [
    ['decoder', 'ctc_beam'],
    ['beam_width', '5'],
    ['hotwords[]', 'one:3'],
    ['grammar', grammar],
    ['include[]', 'logprobs'],
  ]),
  form('forms of transcriptions by the HMM', 'audio/transcriptions', [
    ['decoder', 'hmm'],
    ['n_best', '3'],
    ['response_format', 'verbose_json'],
  ]),
  form('forms of comparisons', 'audio/comparisons', [
    ['decoders[]', 'ctc_greedy'],
    ['decoders[]', 'hmm'],
    ['reference', 'one two'],
    ['n_best', '2'],
  ]),
  form('forms of alignments', 'audio/alignments', [
    ['text', 'one two'],
    ['include[]', 'states'],
  ]),
  form('forms of emissions', 'audio/emissions', [['acoustic_model', 'hmm']]),
  json('JSON', 'features/transcriptions', { model: 'tiny', features: rows }),
  json('JSON with a grammar', 'features/transcriptions', {
    features: rows,
    grammar: JSON.parse(grammar) as object,
    hotwords: [{ phrase: 'one', weight: 2 }, 'two'],
    response_format: 'verbose_json',
  }),
  json('JSON with features of both kinds', 'features/comparisons', {
    features: rows,
    hmm_features: hmmRows,
    reference: 'one',
    n_best: 2,
  }),
  {
    name: 'npy files',
    path: 'features/transcriptions',
    contentType: 'application/x-npy',
    body: npyBody(matrix, {}),
  },
  {
    name: 'npy files for emissions',
    path: 'features/emissions?acoustic_model=ctc',
    contentType: 'application/x-npy',
    body: npyBody(matrix, { descr: '<f8' }),
  },
  {
    name: 'bare numbers',
    path: `features/transcriptions?frames=${frames}&dims=${dims}`,
    contentType: 'application/octet-stream',
    body: rawBody(matrix),
  },
];

/** Some bytes replaced, lost, doubled or made up, and sometimes the end cut off. */
function damaged(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const result = [...bytes];
  for (let edits = random.integer(8); edits >= 0; edits--) {
    // Headers are short and stand at the start, so half of the damage is done there.
    const reach = random.chance(0.5) ? Math.min(200, result.length) : result.length;
    const place = random.integer(Math.max(1, reach));
    const noise = Array.from({ length: random.integer(5) }, () => random.integer(256));
    result.splice(place, random.integer(5), ...noise);
  }
  const end = random.chance(0.2) ? random.integer(result.length + 1) : result.length;
  return Uint8Array.from(result.slice(0, end));
}

/** Requests that are under way at a time. */
const atOnce = 4;

/**
 * Sends a request damaged in so many ways, and expects of each an answer, or an error that blames the client,
 * and that no worker ends.
 * @returns the statuses that came
 */
export async function expectNoFault(
  service: TestService,
  request: ValidRequest,
  options: { seed: number; rounds: number },
): Promise<Set<number>> {
  const { rounds, seed } = options;
  const random = new Random(seed);
  const { threads } = service.app.recognition.pool!;
  const statuses = new Set<number>();
  for (let round = 0; round < rounds; round += atOnce) {
    const bodies = Array.from({ length: Math.min(atOnce, rounds - round) }, () =>
      damaged(request.body, random),
    );
    const answers = await Promise.all(bodies.map((body) => send(service, request, body)));
    for (const { status, text } of answers) {
      statuses.add(status);
      const place = `${request.name}, seed ${seed}, rounds from ${round}: ${text.slice(0, 300)}`;
      expect([200, 400, 404, 413, 415, 422], place).toContain(status);
    }
  }
  expect(service.app.recognition.pool!.threads).toEqual(threads);
  return statuses;
}

/** A request with another body: its status, and what it was answered with. */
async function send(
  service: TestService,
  { path, contentType, around = [Buffer.of(), Buffer.of()] }: ValidRequest,
  body: Uint8Array,
): Promise<{ status: number; text: string }> {
  const [head, tail] = around;
  const response = await fetch(`${service.url}/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: Buffer.concat([head, body, tail]),
  });
  return { status: response.status, text: await response.text() };
}
