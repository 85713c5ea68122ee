import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/math/random.ts';
import { npyBody, rowsOf } from '../support/feature-bodies.ts';
import { syntheticWav } from '../support/recording.ts';
import { postRecording, startService, type TestService } from '../support/service.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

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

describe('whatever a client sends', () => {
  const wav = syntheticWav({ seconds: 0.3, seed: 1 });
  const frames = 5;
  const dims = 24;
  const values = Float32Array.from({ length: frames * dims }, (_, index) => Math.sin(index));
  let models: TemporaryFolder;
  let service: TestService;

  beforeAll(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path, { hmm: true });
    service = await startService(models.path, { SORI_MAX_AUDIO_SECONDS: '20' });
  });
  afterAll(async () => {
    await service.close();
    await models.remove();
  });

  /** Sends each damaged body and expects an answer or an error that blames the client. */
  async function expectNoFault(
    path: string,
    contentType: string,
    body: Uint8Array,
    seed: number,
    rounds = 150,
  ): Promise<void> {
    const random = new Random(seed);
    const statuses = new Map<number, number>();
    const threads = service.app.recognition.pool!.threads;
    for (let round = 0; round < rounds; round++) {
      const response = await fetch(`${service.url}/v1/${path}`, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body: damaged(body, random),
      });
      const answer = (await response.json()) as { model?: object; error?: { code: string } };
      const { status } = response;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      expect([200, 400, 404, 413, 415, 422], `round ${round} ${JSON.stringify(answer)}`).toContain(
        status,
      );
      if (status === 200) expect(answer.model).toMatchObject({ id: 'tiny' });
      else expect(answer.error?.code).not.toMatch(/internal|died|deadline/);
    }
    expect(statuses.size).toBeGreaterThan(1);
    expect(service.app.recognition.pool!.threads).toEqual(threads);
  }

  it('damaged recordings in whole forms', async () => {
    const random = new Random(21);
    const statuses = new Set<number>();
    for (let round = 0; round < 150; round++) {
      const { status } = await postRecording(service, damaged(wav, random));
      statuses.add(status);
      expect([200, 413, 422], `round ${round}`).toContain(status);
    }
    expect(statuses).toContain(422);
  });

  /** A form of fields and the recording. */
  function formOf(fields: readonly (readonly [name: string, value: string])[]): Buffer {
    const texts = fields.map(
      ([name, value]) =>
        `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const file = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n';
    return Buffer.concat([Buffer.from(texts.join('') + file), wav, Buffer.from('\r\n--x--\r\n')]);
  }
  const formType = 'multipart/form-data; boundary=x';

  it('damaged forms', async () => {
    await expectNoFault('audio/transcriptions', formType, formOf([['model', 'tiny']]), 22);
  });

  it('damaged forms of transcriptions by the HMM', async () => {
    const fields = [
      ['decoder', 'hmm'],
      ['n_best', '3'],
      ['response_format', 'verbose_json'],
    ] as const;
    await expectNoFault('audio/transcriptions', formType, formOf(fields), 27, 75);
  });

  it('damaged forms of comparisons', async () => {
    const fields = [
      ['decoders[]', 'ctc_greedy'],
      ['decoders[]', 'hmm'],
      ['reference', 'one two'],
      ['n_best', '2'],
    ] as const;
    await expectNoFault('audio/comparisons', formType, formOf(fields), 28, 75);
  });

  it('damaged forms of alignments', async () => {
    const fields = [
      ['text', 'one two'],
      ['include[]', 'states'],
    ] as const;
    await expectNoFault('audio/alignments', formType, formOf(fields), 29, 75);
  });

  it('damaged JSON with features of both kinds', async () => {
    const rows = rowsOf({ frames, dims, values });
    const hmmRows = rowsOf({ frames: 2 * frames, dims: dims / 2, values });
    const body = { features: rows, hmm_features: hmmRows, reference: 'one', n_best: 2 };
    const bytes = Buffer.from(JSON.stringify(body));
    await expectNoFault('features/comparisons', 'application/json', bytes, 30, 75);
  });

  it('damaged JSON', async () => {
    const rows = rowsOf({ frames, dims, values });
    const body = Buffer.from(JSON.stringify({ model: 'tiny', features: rows }));
    await expectNoFault('features/transcriptions', 'application/json', body, 23);
  });

  it('damaged npy files', async () => {
    const body = npyBody({ frames, dims, values }, {});
    await expectNoFault('features/transcriptions', 'application/x-npy', body, 24);
  });

  it('damaged bare numbers', async () => {
    const body = new Uint8Array(values.buffer);
    const path = `features/transcriptions?frames=${frames}&dims=${dims}`;
    await expectNoFault(path, 'application/octet-stream', body, 25);
  });

  it('numbers at the ends of their range', async () => {
    const random = new Random(26);
    const extremes = [3.4e38, -3.4e38, 1e-45, -0, 1e30, -1e20];
    for (let round = 0; round < 20; round++) {
      const choice = extremes.slice(0, 1 + random.integer(extremes.length));
      const numbers = Float32Array.from({ length: frames * dims }, () => random.pick(choice));
      const path = `features/transcriptions?frames=${frames}&dims=${dims}`;
      const response = await fetch(`${service.url}/v1/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: new Uint8Array(numbers.buffer),
      });
      expect(response.status, `round ${round}`).toBe(200);
      const { confidence } = (await response.json()) as { confidence: unknown };
      expect(confidence, `round ${round}`).toSatisfy(
        (p) => typeof p === 'number' && p >= 0 && p <= 1,
      );
      // Their squares, which the HMM takes, may be more than there are numbers for.
      const byHmm = await fetch(
        `${service.url}/v1/features/transcriptions?frames=${2 * frames}&dims=${dims / 2}&decoder=hmm`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/octet-stream' },
          body: new Uint8Array(numbers.buffer),
        },
      );
      const answer = (await byHmm.json()) as { confidence?: number; error?: { code: string } };
      if (byHmm.status === 200)
        expect(answer.confidence, `round ${round}`).toSatisfy((p: number) => p >= 0 && p <= 1);
      else expect([byHmm.status, answer.error?.code]).toEqual([400, 'invalid_features']);
    }
  });
});
