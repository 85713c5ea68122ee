import {
  DiagLogLevel,
  defaultTextMapGetter,
  diag,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import packageManifest from '../../package.json' with { type: 'json' };
import { stages } from '../recognition/staged-run.ts';
import type { RequestEnd } from './request-end.ts';
import { probes } from './service-metrics.ts';

export type TracingOptions = {
  /** Of the collector, without `/v1/traces`. */
  readonly endpoint: string;
  readonly serviceName: string;
};

declare module 'fastify' {
  interface FastifyRequest {
    /** When its answer was there to be sent, by `performance.now()`; undefined before. */
    answeredAt: number | undefined;
  }
}

/** How long the collector has to take what it is sent; the end of the service waits for no more. */
const exportMilliseconds = 2000;

/** What of a request's facts becomes an attribute: figures and names, never what was said. */
const tracedFacts = ['model', 'decoder', 'decoders', 'aligner', 'duration', 'batch'] as const;

const propagator = new W3CTraceContextPropagator();

/**
 * Sends a span of each request to an OpenTelemetry collector, by OTLP as JSON over HTTP, and below it one of
 * the queue and of each stage: a child of whatever `traceparent` names (W3C Trace Context). Probes have none.
 *
 * This module loads OpenTelemetry, so it is itself loaded only where traces are wanted: the default export is
 * what fastify registers of a module.
 */
export default fp<TracingOptions>(
  async (app: FastifyInstance, { endpoint, serviceName }) => {
    const warn = (reason: string) => app.log.warn({ reason }, 'traces were not sent');
    logFaults(warn);
    const { version } = packageManifest;
    const url = `${endpoint.replace(/\/+$/u, '')}/v1/traces`;
    const exporter = new OTLPTraceExporter({ url, timeoutMillis: exportMilliseconds });
    const provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }),
      spanProcessors: [new BatchSpanProcessor({ exporter })],
    });
    const tracer = provider.getTracer('sori', version);

    app.decorateRequest('answeredAt', undefined);
    app.addHook('onSend', async (request) => {
      request.answeredAt = performance.now();
    });
    app.requestEndListeners.push((end, request) => {
      if (!probes.includes(end.route)) traceRequest(tracer, end, request);
    });
    app.addHook('onClose', () => provider.shutdown().catch(({ message }) => warn(message)));
  },
  { name: 'tracing', dependencies: ['request-end', 'metrics'] },
);

/** A collector that cannot be reached costs a line in the log, and no request. */
function logFaults(warn: (reason: string) => void): void {
  const ignore = () => {};
  diag.setLogger(
    { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

/** Makes the spans of a request that has just ended, by what it says of itself. */
function traceRequest(tracer: Tracer, end: RequestEnd, request: FastifyRequest): void {
  const { route, status, failure, facts, milliseconds } = end;
  const { method, headers, id, answeredAt } = request;
  const isKnown = route !== 'unknown';
  const parent = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  const now = Date.now();
  const span = tracer.startSpan(
    isKnown ? `${method} ${route}` : method,
    {
      kind: SpanKind.SERVER,
      startTime: now - milliseconds,
      attributes: {
        'http.request.method': method,
        ...(isKnown && { 'http.route': route }),
        'http.response.status_code': status,
        ...(failure !== undefined && { 'error.type': failure }),
        'sori.request_id': id,
        ...Object.fromEntries(
          tracedFacts.flatMap((name) => {
            const fact = facts[name];
            return fact === undefined ? [] : [[`sori.${name}`, fact]];
          }),
        ),
      },
    },
    parent,
  );
  // What the client did wrong is no fault of a server's span (OpenTelemetry's conventions for HTTP).
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  if (answeredAt !== undefined) {
    const sinceAnswer = performance.now() - answeredAt;
    const inside = trace.setSpan(parent, span);
    let at = now - sinceAnswer - totalOf(facts);
    for (const [name, took] of timesOf(facts)) {
      tracer.startSpan(name, { startTime: at }, inside).end(at + took);
      at += took;
    }
  }
  span.end(now);
}

/** Milliseconds in the queue and in each stage that ran, in their order: the last ends with the answer. */
function timesOf(facts: RequestEnd['facts']): [name: string, milliseconds: number][] {
  return ['queue', ...stages].flatMap((name) => {
    const took = facts[`${name}_ms`];
    return typeof took === 'number' ? [[name, took]] : [];
  });
}

function totalOf(facts: RequestEnd['facts']): number {
  return timesOf(facts).reduce((sum, [, took]) => sum + took, 0);
}
