import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ErrorCode, errorTable } from '../../src/errors.ts';
import { failureReasons, reasonOf } from '../../src/plugins/failure-reasons.ts';
import { syntheticWav } from '../support/recording.ts';
import { metricsOf, type Sample, samplesOf, sumOf } from '../support/samples.ts';
import {
  postAudio,
  postRecording,
  startService,
  startTinyService,
  type TestService,
  until,
} from '../support/service.ts';
import { temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

describe('GET /metrics', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTinyService([{ hmm: true }], { SORI_QUEUE_LIMIT: '0' });
  });
  afterAll(() => service.close());

  const scrape = async () => samplesOf(await (await fetch(`${service.url}/metrics`)).text());

  /** What a request adds to each figure of Sori's; a request is counted just after its answer. */
  async function changesBy(act: () => Promise<unknown>, requests = 1): Promise<Sample[]> {
    const total = (samples: Sample[]) => sumOf(samples, 'sori_requests_total', {});
    const before = await scrape();
    await act();
    let after = await scrape();
    // The scrape that came before is counted too.
    while (total(after) < total(before) + requests + 1) after = await scrape();
    return after
      .filter(
        ({ name, labels }) =>
          /^sori_.*(total|sum|count)$/.test(name) && labels['route'] !== '/metrics',
      )
      .map(({ name, labels, value }) => ({
        name,
        labels,
        value: value - sumOf(before, name, labels),
      }))
      .filter(({ value }) => value !== 0);
  }

  it('is Prometheus’ text, of the type that Prometheus asks for', async () => {
    const response = await fetch(`${service.url}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('says of every figure what it is, and of what type', async () => {
    const metrics = metricsOf(await (await fetch(`${service.url}/metrics`)).text());
    const types = new Set(['counter', 'gauge', 'histogram']);
    for (const [name, { type, help }] of metrics) {
      if (!name.startsWith('sori_')) continue;
      expect(types, name).toContain(type);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      expect(help, name).not.toBe('');
    }
  });

  it('counts a transcription by route, status and decoder, with the time of each stage', async () => {
    const wav = syntheticWav({ seconds: 1.5, seed: 3 });
    const changes = await changesBy(() => postRecording(service, wav, { decoder: 'ctc_greedy' }));
    const change = (name: string, labels: Sample['labels'] = {}) => sumOf(changes, name, labels);
    const route = '/v1/audio/transcriptions';
    const decoder = 'ctc_greedy';
    expect(change('sori_requests_total', { route, status: '200', decoder })).toBe(1);
    expect(change('sori_request_seconds_count', { route })).toBe(1);
    expect(change('sori_queue_wait_seconds_count')).toBe(1);
    expect(change('sori_audio_decoding_seconds_count')).toBe(1);
    expect(change('sori_feature_seconds_count', { acoustic_model: 'ctc' })).toBe(1);
    expect(change('sori_inference_seconds_count', { acoustic_model: 'ctc' })).toBe(1);
    expect(change('sori_search_seconds_count', { decoder })).toBe(1);
    expect(change('sori_audio_seconds_total')).toBe(1.5);
    expect(change('sori_executions_total')).toBe(1);
    expect(change('sori_inferences_total')).toBe(1);
    const computed = ['audio_decoding', 'feature', 'inference', 'search'].map((stage) =>
      change(`sori_${stage}_seconds_sum`),
    );
    const factor = computed.reduce((sum, seconds) => sum + seconds, 0) / 1.5;
    expect(change('sori_real_time_factor_sum')).toBeCloseTo(factor, 9);
    expect(changes.filter(({ name }) => name === 'sori_failures_total')).toEqual([]);
  });

  it('counts each acoustic model of a comparison once, and each decoder', async () => {
    const wav = syntheticWav({ seconds: 1, seed: 4 });
    const changes = await changesBy(() => postAudio(service, 'comparisons', wav));
    const change = (name: string, labels: Sample['labels'] = {}) => sumOf(changes, name, labels);
    expect(change('sori_requests_total', { decoder: 'several', status: '200' })).toBe(1);
    for (const acoustic_model of ['ctc', 'hmm']) {
      expect(change('sori_feature_seconds_count', { acoustic_model })).toBe(1);
      expect(change('sori_inference_seconds_count', { acoustic_model })).toBe(1);
    }
    for (const decoder of ['ctc_greedy', 'hmm'])
      expect(change('sori_search_seconds_count', { decoder })).toBe(1);
    expect(change('sori_executions_total')).toBe(2);
    expect(change('sori_inferences_total')).toBe(2);
    expect(change('sori_audio_seconds_total')).toBe(1);
  });

  it('counts an alignment as what it is', async () => {
    const wav = syntheticWav({ seconds: 1.2, seed: 5 });
    const fields = { text: 'one two', method: 'hmm' };
    const changes = await changesBy(() => postAudio(service, 'alignments', wav, fields));
    expect(sumOf(changes, 'sori_requests_total', { decoder: 'hmm_alignment', status: '200' })).toBe(
      1,
    );
    expect(sumOf(changes, 'sori_search_seconds_count', { decoder: 'hmm_alignment' })).toBe(1);
  });

  it('takes no label from a client: unknown paths, decoders and models are one value each', async () => {
    const wav = syntheticWav({ seconds: 0.3, seed: 6 });
    const changes = await changesBy(async () => {
      await fetch(`${service.url}/secret-path`);
      await fetch(`${service.url}/%zz`);
      await fetch(`${service.url}/v1/models/secret-model`);
      await fetch(`${service.url}/v1/models`, { method: 'PUT' });
      await postRecording(service, wav, { decoder: 'secret-decoder' });
      await postRecording(service, wav, { model: 'secret-name', decoder: 'hmm' });
      await postRecording(service, wav, { 'secret-field': '1' });
    }, 7);
    const requests = changes.filter(({ name }) => name === 'sori_requests_total');
    const route = '/v1/audio/transcriptions';
    expect(requests.map(({ labels, value }) => ({ ...labels, value }))).toEqual(
      expect.arrayContaining([
        { route: 'unknown', status: '404', decoder: 'none', value: 1 },
        { route: 'unknown', status: '400', decoder: 'none', value: 1 },
        { route: 'unknown', status: '405', decoder: 'none', value: 1 },
        { route: '/v1/models/:id', status: '404', decoder: 'none', value: 1 },
        { route, status: '400', decoder: 'none', value: 2 },
        { route, status: '404', decoder: 'hmm', value: 1 },
      ]),
    );
    expect(requests).toHaveLength(6);
    expect(await (await fetch(`${service.url}/metrics`)).text()).not.toContain('secret');
  });

  it('tells failures apart by reason: a full queue rejects, a client that leaves cancels', async () => {
    const long = syntheticWav({ seconds: 60, seed: 7 });
    const failed = (changes: Sample[], reason: string, code: string) =>
      sumOf(changes, 'sori_failures_total', { reason, code });
    const changes = await changesBy(async () => {
      const leaving = new AbortController();
      const given = postRecording(service, long, {}, { signal: leaving.signal }).catch(
        () => 'left',
      );
      await until(() => service.app.recognition.pool!.running === 1);
      expect((await postRecording(service, long)).status).toBe(429);
      leaving.abort();
      await given;
      await until(() => service.app.recognition.pool!.running === 0);
      await postRecording(service, Uint8Array.from(Buffer.from('no audio')));
    }, 3);
    expect(failed(changes, 'rejected', 'queue_full')).toBe(1);
    expect(failed(changes, 'cancelled', 'client_closed_request')).toBe(1);
    expect(failed(changes, 'other', 'undecodable_audio')).toBe(1);
    const statuses = changes.filter(({ name }) => name === 'sori_requests_total');
    expect(statuses.map(({ labels }) => labels['status'])).toContain('499');
  });

  it('shows the queue, the workers and whether the service is ready', async () => {
    const samples = await scrape();
    const now = (name: string) => sumOf(samples, name, {});
    expect(now('sori_ready')).toBe(1);
    expect(now('sori_queue_length')).toBe(0);
    expect(now('sori_queue_limit')).toBe(0);
    expect(now('sori_workers')).toBe(1);
    expect(now('sori_workers_loaded')).toBe(1);
    expect(now('sori_workers_busy')).toBe(0);
  });

  it('has the lag of the event loop, and what the process takes', async () => {
    const samples = await scrape();
    const names = new Set(samples.map(({ name }) => name));
    for (const name of [
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_eventloop_lag_max_seconds',
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'process_open_fds',
      'process_start_time_seconds',
    ])
      expect(names).toContain(name);
  });

  it('shows no failure for a code that has not come, and every code from the start', async () => {
    const codes = (await scrape())
      .filter(({ name }) => name === 'sori_failures_total')
      .map(({ labels }) => labels['code']!);
    expect(codes.sort()).toEqual(Object.keys(errorTable).sort());
  });
});

describe('GET /metrics of a service that is not ready', () => {
  it('is answered all the same, and probes that say so are no failures', async () => {
    const models = await temporaryFolder();
    await writeTinyModel(models.path);
    const service = await startService(models.path);
    service.app.recognition.drain();
    expect((await fetch(`${service.url}/readyz`)).status).toBe(503);
    const samples = samplesOf(await (await fetch(`${service.url}/metrics`)).text());
    expect(sumOf(samples, 'sori_ready', {})).toBe(0);
    expect(sumOf(samples, 'sori_failures_total', {})).toBe(0);
    await service.close();
    await models.remove();
  });
});

describe('reasonOf', () => {
  it('blames the backend for faults of Sori’s alone, and never for a request’s own', () => {
    const codes = Object.keys(errorTable) as ErrorCode[];
    for (const code of codes) {
      const { status } = errorTable[code];
      expect(failureReasons).toContain(reasonOf[code]);
      if (reasonOf[code] === 'backend') expect(status).toBeGreaterThanOrEqual(500);
      if (reasonOf[code] === 'other') expect(status).toBeLessThan(500);
    }
  });
});
