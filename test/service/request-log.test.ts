import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logOptions } from '../../src/plugins/log-options.ts';
import { syntheticWav } from '../support/recording.ts';
import {
  postAudio,
  postRecording,
  startTinyService,
  type TestService,
  until,
} from '../support/service.ts';

describe('the log', () => {
  const wav = syntheticWav({ seconds: 1.25, seed: 12 });
  let service: TestService;

  beforeAll(async () => {
    service = await startTinyService([{ hmm: true }], { SORI_LOG_TRANSCRIPTS: 'true' });
  });
  afterAll(() => service.close());

  /** The one line of a request, which is written just after its answer. */
  async function lineOf(id: string): Promise<Record<string, unknown>> {
    const lines = () => service.log().filter(({ reqId }) => reqId === id);
    await until(() => lines().length > 0);
    expect(lines()).toHaveLength(1);
    return lines()[0]!;
  }
  const named = (id: string) => ({ headers: { 'x-request-id': id } });

  it('has of a transcription its route, model, decoder, seconds, batch, times and outcome', async () => {
    await postRecording(service, wav, {}, named('whole'));
    const line = await lineOf('whole');
    expect(line).toMatchObject({
      method: 'POST',
      route: '/v1/audio/transcriptions',
      status: 200,
      outcome: 'answered',
      model: 'tiny',
      decoder: 'ctc_greedy',
      duration: 1.25,
      batch: 1,
    });
    const times = ['queue', 'audio', 'features', 'inference', 'search'].map(
      (stage) => line[`${stage}_ms`] as number,
    );
    expect(times.every((took) => took >= 0)).toBe(true);
    const computed = times.slice(1).reduce((sum, took) => sum + took, 0);
    expect(line['compute_ms']).toBeCloseTo(computed, 2);
  });

  it('has of a refused request why, and what it asked for', async () => {
    const noise = Uint8Array.from(Buffer.from('no audio at all'));
    await postRecording(service, noise, { decoder: 'hmm' }, named('refused'));
    expect(await lineOf('refused')).toMatchObject({
      status: 422,
      outcome: 'undecodable_audio',
      decoder: 'hmm',
    });
  });

  it('has a line for what is refused before any route is found', async () => {
    await fetch(`${service.url}/nowhere?secret=1`, named('lost'));
    await fetch(`${service.url}/%zz`, named('malformed'));
    expect(await lineOf('lost')).toMatchObject({ route: 'unknown', outcome: 'not_found' });
    expect(await lineOf('malformed')).toMatchObject({ status: 400, outcome: 'invalid_request' });
    expect(JSON.stringify(service.log())).not.toContain('secret');
  });

  it('has none for probes and scrapes', async () => {
    for (const path of ['/livez', '/readyz', '/metrics'])
      await fetch(`${service.url}${path}`, named('probe'));
    await postRecording(service, wav, {}, named('after-probes'));
    await lineOf('after-probes');
    expect(service.log().filter(({ reqId }) => reqId === 'probe')).toEqual([]);
  });

  it('has what was heard where that is switched on', async () => {
    const response = await postRecording(service, wav, {}, named('heard'));
    const { text } = (await response.json()) as { text: string };
    expect(text).not.toBe('');
    expect((await lineOf('heard'))['transcript']).toBe(text);
    const compared = await postAudio(service, 'comparisons', wav, {}, named('heard-twice'));
    const { decoders } = (await compared.json()) as {
      decoders: { decoder: string; text: string }[];
    };
    expect((await lineOf('heard-twice'))['transcript']).toEqual(
      Object.fromEntries(decoders.map(({ decoder, text }) => [decoder, text])),
    );
  });
});

describe('logOptions', () => {
  it('leaves out the keys of clients, wherever a request or an error brings them', () => {
    const lines: string[] = [];
    const logger = pino(logOptions({ logLevel: 'info' }), {
      write: (line: string) => lines.push(line),
    });
    const headers = { authorization: 'Bearer secret', cookie: 'secret', 'x-api-key': 'secret' };
    const error = Object.assign(new Error('failed'), { headers, request: { headers } });
    logger.info({ headers, req: { headers }, err: error }, 'a request');
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('secret');
    expect(JSON.parse(lines[0]!)).toMatchObject({
      headers: { authorization: '[redacted]' },
      req: { headers: { 'x-api-key': '[redacted]' } },
      err: { request: { headers: { cookie: '[redacted]' } } },
    });
  });
});
