/** The same server with a pool of worker threads. First: npm install fastify piscina */
import Fastify from 'fastify';
import { Piscina } from 'piscina';

const threads = Number(process.env.THREADS ?? 2);
const pool = new Piscina({
  filename: new URL('./suggest.js', import.meta.url).href,
  minThreads: threads,
  maxThreads: threads,
  idleTimeout: Infinity,
});

const server = Fastify();
server.get('/suggest', ({ query }) => pool.run(query.word));
server.get('/health', () => 'ok');

const url = await server.listen({ port: Number(process.env.PORT ?? 0) });
console.log(url);
process.send?.(url);
