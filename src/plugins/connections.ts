import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/**
 * Closes what would hold up the end of the server: connections on which nothing is being asked. Node
 * closes those that have been used before, but waits for browsers' and balancers' unused ones.
 */
export const connectionsPlugin = fp(
  (app: FastifyInstance, _options, done) => {
    const requestsOf = new Map<Socket, number>(); // requests being answered, by connection
    let closing = false;

    app.server.on('connection', (socket: Socket) => {
      if (closing) return socket.destroy();
      requestsOf.set(socket, 0);
      return socket.once('close', () => requestsOf.delete(socket));
    });
    app.server.on('request', ({ socket }: { socket: Socket }, response: ServerResponse) => {
      const count = (change: number) =>
        requestsOf.set(socket, (requestsOf.get(socket) ?? 0) + change);
      if (!requestsOf.has(socket)) return;
      count(1);
      response.once('close', () => requestsOf.has(socket) && count(-1));
    });
    app.addHook('preClose', (next) => {
      closing = true;
      for (const [socket, requests] of requestsOf) if (requests === 0) socket.destroy();
      next();
    });
    done();
  },
  { name: 'connections' },
);
