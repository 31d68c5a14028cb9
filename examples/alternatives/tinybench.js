/** The same function in tinybench: how long does one call take, in this process? */
import { Bench } from 'tinybench';
import countPrimes from './primes.js';

const bench = new Bench({ time: 2000 });
bench.add('count primes', () => countPrimes({ from: 1_000_000, count: 75_000 }));
await bench.run();
console.table(bench.table());
