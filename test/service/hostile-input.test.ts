import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/math/random.ts';
import { startTinyService, type TestService } from '../support/service.ts';
import { expectNoFault, validRequests } from './damaged-requests.ts';

describe('whatever a client sends', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTinyService([{ hmm: true }], { SORI_MAX_AUDIO_SECONDS: '20' });
  });
  afterAll(() => service.close());

  const statuses = new Set<number>();
  it.each(validRequests)('damaged: $name', async (request) => {
    const seed = 21 + validRequests.indexOf(request);
    const seen = await expectNoFault(service, request, { seed, rounds: 25 });
    for (const status of seen) statuses.add(status);
  });

  it('damaged little enough, is answered, and else is refused', () => {
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 422]));
  });

  it('numbers at the ends of their range', async () => {
    const frames = 5;
    const dims = 24;
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
