import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTinyService, type TestService } from '../support/service.ts';
import { expectNoFault, validRequests } from './damaged-requests.ts';

/** Of each kind; `npm test` has 25 of each, with other seeds. */
const { ROUNDS = '10000' } = process.env;
const rounds = Number(ROUNDS);

describe(`${rounds} damaged requests of each kind`, () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTinyService([{ hmm: true }], {
      SORI_MAX_AUDIO_SECONDS: '20',
      LOG_LEVEL: 'silent',
    });
  });
  afterAll(() => service.close());

  it.each(validRequests)('$name', async (request) => {
    const seed = 1000 + validRequests.indexOf(request);
    // Of so many some come through, and some do not.
    expect((await expectNoFault(service, request, { seed, rounds })).size).toBeGreaterThan(1);
  });
});
