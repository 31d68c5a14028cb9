import { gzipSync } from 'node:zlib';
import type { InputContext } from '../../workers/contract.ts';
import { defineWorkload } from '../../workers/define-workload.ts';

/** Words repeat as in a log file, so that there is something to compress. */
const WORDS = [
  'GET',
  'POST',
  '/index.html',
  '/api/orders',
  '200',
  '304',
  '404',
  'Mozilla/5.0',
  'keep-alive',
  'eu-west',
  '127.0.0.1',
];

export default defineWorkload({
  name: 'gzip',
  bound: 'cpu',
  description: 'compress a buffer with zlib.gzipSync; worker threads get the buffer itself, not a copy',
  params: { bytes: 131_072 },
  tasks: 16,
  input: ({ params, random }: InputContext): Uint8Array<ArrayBuffer> => {
    const size = Number(params.bytes);
    const words: string[] = [];
    for (let length = 0; length < size;) {
      const word =
        random() < 0.3 ? String(Math.floor(random() * 1e9)) : (WORDS[Math.floor(random() * WORDS.length)] ?? '-');
      words.push(word);
      length += word.length + 1;
    }
    return new Uint8Array(new TextEncoder().encode(words.join(' ')).subarray(0, size));
  },
  // Copies exactly its bytes: a Buffer can be a view of a larger pool, which would be sent whole.
  task: (bytes: Uint8Array): Uint8Array => new Uint8Array(gzipSync(bytes)),
  transfer: (bytes: Uint8Array<ArrayBuffer>) => [bytes.buffer],
});
