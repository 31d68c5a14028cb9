import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';

const compress = promisify(gzip);
const WORDS = ['GET', 'POST', '/index.html', '/api/orders', '200', '304', '404', 'keep-alive', 'eu-west', '127.0.0.1'];

function logText(bytes, random) {
  let text = '';
  while (text.length < bytes)
    text += `${random() < 0.3 ? Math.floor(random() * 1e9) : WORDS[Math.floor(random() * WORDS.length)]} `;
  return text.slice(0, bytes);
}

export default {
  name: 'gzip',
  bound: 'cpu',
  description: 'compress a text with zlib, on the calling thread (sync) or on libuv’s threads (async)',
  params: { api: 'async', bytes: 65_536 },
  input: ({ params, random }) => new Uint8Array(new TextEncoder().encode(logText(params.bytes, random))),
  task: async (bytes, { params }) => new Uint8Array(params.api === 'sync' ? gzipSync(bytes) : await compress(bytes)),
  transfer: (bytes) => [bytes.buffer],
};
