/** A server that computes on its event loop. First: npm install fastify */
import Fastify from 'fastify';
import suggest from './suggest.js';

const server = Fastify();
server.get('/suggest', ({ query }) => suggest(query.word));
server.get('/health', () => 'ok');

const url = await server.listen({ port: Number(process.env.PORT ?? 0) });
console.log(url);
process.send?.(url);
