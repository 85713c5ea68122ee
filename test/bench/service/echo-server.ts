/** Bare fastify that answers every body with itself, JSON parsed and written again; it prints its address. */
import fastify from 'fastify';

const app = fastify({ bodyLimit: 2 ** 26 });
app.addContentTypeParser(
  ['application/octet-stream', 'multipart/form-data'],
  { parseAs: 'buffer' },
  (_request, body, done) => done(null, body),
);
app.post('/', (request) => request.body);
console.log(await app.listen({ port: 0 }));
process.once('SIGTERM', () => void app.close());
