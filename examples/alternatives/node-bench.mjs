/** The same function in node:bench (Node 26.9 or later): node --experimental-bench --bench node-bench.mjs */
import { bench } from 'node:bench';
import countPrimes from './primes.js';

bench('count primes', { samples: 60 }, (b) => {
  b.start();
  const primes = countPrimes({ from: 1_000_000, count: 75_000 });
  b.end(1);
  if (primes !== 5407) throw new Error(`${primes} primes`);
});
