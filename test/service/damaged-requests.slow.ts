import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, type TestService } from '../support/service.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';
import { expectNoFault, validRequests } from './damaged-requests.ts';

/** Of each kind; `npm test` has 25 of each, with other seeds. */
const { ROUNDS = '10000' } = process.env;
const rounds = Number(ROUNDS);

describe(`${rounds} damaged requests of each kind`, () => {
  let models: TemporaryFolder;
  let service: TestService;

  beforeAll(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path, { hmm: true });
    service = await startService(models.path, {
      SORI_MAX_AUDIO_SECONDS: '20',
      LOG_LEVEL: 'silent',
    });
  });
  afterAll(async () => {
    await service.close();
    await models.remove();
  });

  it.each(validRequests)('$name', async (request) => {
    const seed = 1000 + validRequests.indexOf(request);
    // Of so many some come through, and some do not.
    expect((await expectNoFault(service, request, { seed, rounds })).size).toBeGreaterThan(1);
  });
});
