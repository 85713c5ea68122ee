import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../src/math/random.ts';
import { openConnection, statusesOf } from '../support/connection.ts';
import { syntheticWav } from '../support/recording.ts';
import { postRecording, startTinyService, type TestService, until } from '../support/service.ts';

const dims = 24;

/** A request with one row of zeros as bare numbers, and a length of one's choice. */
function rawRequest(headers: string, body = Buffer.alloc(4 * dims)): Buffer {
  const head =
    `POST /v1/features/transcriptions?frames=1&dims=${dims} HTTP/1.1\r\nhost: sori\r\n` +
    `content-type: application/octet-stream\r\n${headers}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

describe('the service, against a client that', () => {
  const wav = syntheticWav({ seconds: 0.5, seed: 1 });
  let service: TestService;

  beforeEach(async () => {
    service = await startTinyService([{}], { SORI_UPLOAD_SECONDS: '1' });
  });
  afterEach(() => service.close());

  const connections = () =>
    new Promise<number>((resolve) => {
      service.app.server.getConnections((_, count) => resolve(count));
    });

  /** It answers, holds nothing back, and has met no fault of its own. */
  async function expectUnharmed(): Promise<void> {
    expect((await postRecording(service, wav)).status).toBe(200);
    const { queued, running } = service.app.recognition.pool!;
    expect([queued, running]).toEqual([0, 0]);
    expect(service.log().filter(({ level }) => Number(level) >= 40)).toEqual([]);
  }

  async function exchange(bytes: Uint8Array): Promise<string> {
    const { socket, received } = await openConnection(service.url);
    socket.write(bytes);
    return received;
  }

  it('sends a byte now and then over forty connections, answers others and gives it up', async () => {
    const start = 'POST /v1/audio/transcriptions HTTP/1.1\r\nhost: sori\r\n';
    const type = 'content-type: multipart/form-data; boundary=x\r\ncontent-length: 9999\r\n\r\n--x';
    const slow = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const connection = await openConnection(service.url);
        connection.socket.write(index % 2 === 0 ? start : start + type);
        return connection;
      }),
    );
    const drip = setInterval(() => {
      for (const [index, { socket }] of slow.entries())
        if (socket.writable) socket.write(index % 2 === 0 ? 'x-a: b\r\n' : '-');
    }, 50);
    expect((await postRecording(service, wav)).status).toBe(200);
    const received = await Promise.all(slow.map((connection) => connection.received));
    clearInterval(drip);
    for (const text of received) {
      expect(statusesOf(text)).toEqual([408]);
      expect(text).toContain('"code":"request_timeout"');
    }
    await expectUnharmed();
  });

  it('names a length that is shorter than its body, refuses what is left and closes', async () => {
    const text = await exchange(rawRequest(`content-length: ${4 * dims - 4}`));
    expect(new Set(statusesOf(text))).toEqual(new Set([400]));
    await expectUnharmed();
  });

  it('names a length that is longer than its body and says no more, forgets it', async () => {
    const { socket, received } = await openConnection(service.url);
    socket.end(rawRequest(`content-length: ${4 * dims + 4}`));
    await received;
    await expectUnharmed();
  });

  it.each([
    ['two lengths', `content-length: ${4 * dims}\r\ncontent-length: ${4 * dims + 1}`],
    ['a length and chunks', `content-length: ${4 * dims}\r\ntransfer-encoding: chunked`],
    ['a negative length', 'content-length: -1'],
    ['a length in words', 'content-length: many'],
    ['a length beyond all numbers', `content-length: 1${'0'.repeat(40)}`],
    ['chunks of no size', 'transfer-encoding: chunked'],
    ['an encoding of its own', 'transfer-encoding: magic'],
    ['headers without end', `x-padding: ${'x'.repeat(100_000)}`],
    ['a header that is none', 'no colon here'],
  ])('names %s, refuses it and closes', async (_, headers) => {
    const text = await exchange(rawRequest(headers, Buffer.alloc(4 * dims, 'z')));
    expect(statusesOf(text)).toEqual([400]);
    expect(text).toContain('"code":"invalid_request"');
    await expectUnharmed();
  });

  it('sends twenty requests before it reads an answer, answers them in order', async () => {
    const requests = Array.from({ length: 20 }, (_, index) =>
      rawRequest(
        `content-length: ${4 * dims}\r\nx-request-id: ${index}${index === 19 ? '\r\nconnection: close' : ''}`,
      ),
    );
    const text = await exchange(Buffer.concat(requests));
    expect(statusesOf(text)).toEqual(Array(20).fill(200));
    const ids = [...text.matchAll(/^x-request-id: (\d+)/gm)].map(([, id]) => Number(id));
    expect(ids).toEqual(Array.from({ length: 20 }, (_, index) => index));
    await expectUnharmed();
  });

  it('leaves anywhere in its upload, thirty times, forgets it', async () => {
    const random = new Random(8);
    const head = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n';
    const body = Buffer.concat([Buffer.from(head), wav, Buffer.from('\r\n--x--\r\n')]);
    const whole = Buffer.concat([
      Buffer.from(
        `POST /v1/audio/transcriptions HTTP/1.1\r\nhost: sori\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: ${body.length}\r\n\r\n`,
      ),
      body,
    ]);
    await Promise.all(
      Array.from({ length: 30 }, async () => {
        const { socket, received } = await openConnection(service.url);
        const part = whole.subarray(0, random.integer(whole.length));
        await new Promise<void>((resolve) => socket.write(part, () => resolve()));
        if (random.chance(0.5)) socket.resetAndDestroy();
        else socket.destroy();
        await received;
      }),
    );
    while ((await connections()) > 0) await new Promise(setImmediate);
    const outcomes = service.log().flatMap(({ outcome }) => (outcome === undefined ? [] : outcome));
    expect(outcomes).not.toContain('internal_error');
    await expectUnharmed();
  });

  it('leaves in the middle of its answer, forgets it', async () => {
    const frames = 20_000;
    const body = Buffer.alloc(4 * dims * frames);
    for (let round = 0; round < 5; round++) {
      const { socket, received } = await openConnection(service.url);
      const head =
        `POST /v1/features/emissions?frames=${frames}&dims=${dims} HTTP/1.1\r\nhost: sori\r\n` +
        `content-type: application/octet-stream\r\ncontent-length: ${body.length}\r\n\r\n`;
      socket.once('data', () => socket.resetAndDestroy());
      socket.write(Buffer.concat([Buffer.from(head), body]));
      expect(statusesOf(await received)).toEqual([200]);
    }
    while ((await connections()) > 0) await new Promise(setImmediate);
    await until(() => service.log().filter(({ status }) => status !== undefined).length === 5);
    await expectUnharmed();
  });
});
