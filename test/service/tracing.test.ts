import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CollectedSpan, type Collector, startCollector } from '../support/collector.ts';
import { syntheticWav } from '../support/recording.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import {
  postAudio,
  postRecording,
  recordingForm,
  startTinyService,
  type TestService,
  until,
} from '../support/service.ts';
import { temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

const serverKind = 2; // OTLP's SPAN_KIND_SERVER
const errorStatus = 2; // OTLP's STATUS_CODE_ERROR
const wav = syntheticWav({ seconds: 2, seed: 1 });

describe('a service with a collector of traces', () => {
  let collector: Collector;
  let service: TestService;

  beforeEach(async () => {
    collector = await startCollector();
    service = await startTinyService([{ hmm: true }], {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
      OTEL_SERVICE_NAME: 'hearing',
    });
  });
  afterEach(() => collector.close());

  /** Ends the service, which sends what it has, and gives the spans of requests and those below them. */
  async function collected() {
    await service.close();
    const isOfRequest = ({ kind }: CollectedSpan) => kind === serverKind;
    const requests = collector.spans.filter(isOfRequest);
    const stages = collector.spans.filter((span) => !isOfRequest(span));
    return { requests, stages };
  }

  it('sends a span of a request by its route, and below it those of its stages, in order', async () => {
    const response = await postRecording(service, wav, { decoder: 'ctc_beam' });
    const { text } = (await response.json()) as { text: string };
    expect(text).not.toBe('');
    const { requests, stages } = await collected();
    expect(requests).toHaveLength(1);
    const [request] = requests as [CollectedSpan];
    expect(request).toMatchObject({
      name: 'POST /v1/audio/transcriptions',
      parentSpanId: undefined,
      status: 0,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/audio/transcriptions',
        'http.response.status_code': 200,
        'sori.request_id': response.headers.get('x-request-id'),
        'sori.model': 'tiny',
        'sori.decoder': 'ctc_beam',
        'sori.duration': 2,
        'sori.batch': 1,
      },
      resource: { 'service.name': 'hearing', 'service.version': expect.any(String) },
    });
    const names = stages.map(({ name }) => name);
    expect(names).toEqual(['queue', 'audio', 'features', 'inference', 'search']);
    for (const [index, stage] of stages.entries()) {
      expect(stage.traceId).toBe(request.traceId);
      expect(stage.parentSpanId).toBe(request.spanId);
      expect(stage.start >= (stages[index - 1]?.end ?? 0n)).toBe(true);
      expect(stage.end >= stage.start && stage.end <= request.end).toBe(true);
    }
    expect(collector.bodies.join()).not.toContain(text);
  });

  it('goes on with the trace that a client is in, and leaves out what that does not record', async () => {
    const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
    const ask = (flags: string) =>
      postRecording(
        service,
        wav,
        {},
        { headers: { traceparent: `00-${traceId}-${spanId}-${flags}` } },
      );
    await ask('01');
    await ask('00');
    const { requests } = await collected();
    expect(requests.map((span) => [span.traceId, span.parentSpanId])).toEqual([[traceId, spanId]]);
  });

  it('begins a trace of its own where what a client says of one is malformed', async () => {
    await postRecording(service, wav, {}, { headers: { traceparent: '00-0-0-01' } });
    const { requests } = await collected();
    expect(requests).toHaveLength(1);
    expect(requests[0]!.parentSpanId).toBeUndefined();
  });

  it('names comparisons and alignments by what they asked', async () => {
    await postAudio(service, 'comparisons', wav);
    await postAudio(service, 'alignments', wav, { text: 'one', method: 'ctc' });
    const { requests } = await collected();
    const attributes = requests.map((span) => span.attributes);
    expect(attributes[0]).toMatchObject({ 'sori.decoders': 'ctc_greedy,ctc_beam,hmm' });
    expect(attributes[1]).toMatchObject({ 'sori.aligner': 'ctc' });
    expect(collector.bodies.join()).not.toMatch(/"one"/u);
  });

  it('gives a failure its code, and faults of the service alone as errors', async () => {
    await postRecording(service, wav, { colour: 'red' });
    await fetch(`${service.url}/v1/${'secret'}?word=secret`);
    const leaving = new AbortController();
    const long = syntheticWav({ seconds: 120, seed: 2 });
    const left = postRecording(service, long, {}, { signal: leaving.signal }).catch(() => {});
    await until(() => service.app.recognition.pool!.running === 1);
    leaving.abort();
    await left;
    await until(() => service.app.recognition.pool!.running === 0);
    service.app.recognition.drain();
    await fetch(`${service.url}/v1/models`);
    const { requests, stages } = await collected();
    const seen = requests.map(({ name, attributes, status }) => [
      name,
      attributes['error.type'],
      attributes['http.response.status_code'],
      status,
    ]);
    const route = 'POST /v1/audio/transcriptions';
    expect(seen).toEqual([
      [route, 'invalid_request', 400, 0],
      ['GET', 'not_found', 404, 0],
      [route, 'client_closed_request', 499, 0],
      ['GET /v1/models', 'not_ready', 503, errorStatus],
    ]);
    expect(stages).toEqual([]);
    expect(collector.bodies.join()).not.toContain('secret');
  });

  it('has none of probes', async () => {
    for (const path of ['/livez', '/readyz', '/metrics']) await fetch(service.url + path);
    const { requests } = await collected();
    expect(requests).toEqual([]);
  });

  it('answers and ends all the same when nobody listens there, and says so', async () => {
    collector.close();
    expect((await postRecording(service, wav)).status).toBe(200);
    await service.close();
    const warnings = service.log().filter(({ level }) => Number(level) >= 40);
    expect(warnings.map(({ msg }) => msg)).toContain('traces were not sent');
  });
});

describe('the server process', () => {
  const loader = new URL('../support/tell-packages.ts', import.meta.url);
  const NODE_OPTIONS = `--import=${loader}`;
  const openTelemetryOf = ({ output }: ServerProcess) => [
    ...new Set([...output().matchAll(/loads @opentelemetry\/(\S+)/gu)].map(([, name]) => name)),
  ];

  it('sends the spans of what it has answered before it ends', async () => {
    const collector = await startCollector();
    const models = await temporaryFolder();
    await writeTinyModel(models.path);
    const OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
    const settings = { SORI_MODELS: models.path, OTEL_EXPORTER_OTLP_ENDPOINT, NODE_OPTIONS };
    const server = await startServer(settings);
    expect(openTelemetryOf(server)).toContain('sdk-trace');
    const post = () => {
      const init = { method: 'POST', body: recordingForm(syntheticWav({ seconds: 20, seed: 2 })) };
      return fetch(`${server.url}/v1/audio/transcriptions`, init);
    };
    const asked = Array.from({ length: 5 }, post);
    await Promise.race(asked);
    server.child.kill('SIGTERM');
    await Promise.all(asked);
    expect(await server.exited).toBe(0);
    expect(collector.spans.filter(({ kind }) => kind === serverKind)).toHaveLength(5);
    expect(collector.spans[0]!.resource).toMatchObject({ 'service.name': 'sori' });
    collector.close();
    await models.remove();
  });

  it('loads nothing of OpenTelemetry’s where no collector is named', async () => {
    const models = await temporaryFolder();
    await writeTinyModel(models.path);
    const server = await startServer({ SORI_MODELS: models.path, NODE_OPTIONS });
    // Prometheus' client loads the interface, which does nothing by itself.
    expect(openTelemetryOf(server)).toEqual(['api']);
    server.child.kill('SIGTERM');
    await server.exited;
    await models.remove();
  });
});
