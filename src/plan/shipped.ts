/** The workloads that ship, by name: where each module is, seen from `bench/`. */
export const SHIPPED_WORKLOADS: Readonly<Record<string, string>> = {
  primes: 'cpu/primes.js',
  compute: 'cpu/compute.js',
  'primes-cooperative': 'cpu/primes-cooperative.js',
  'password-hash': 'cpu/password-hash.js',
  'password-hash-async': 'cpu/password-hash-async.js',
  json: 'cpu/json.js',
  gzip: 'cpu/gzip.js',
  timer: 'io/timer.js',
  'blocking-sleep': 'io/blocking-sleep.js',
  http: 'io/http.js',
  'http-blocking': 'io/http-blocking.js',
  file: 'io/file.js',
  'fetch-and-parse': 'mixed/fetch-and-parse.js',
  noop: 'overhead/noop.js',
  echo: 'overhead/echo.js',
};

/** What `lanewise run` measures when no workload is named: one of each kind of work. */
export const DEFAULT_SUITE: readonly string[] = ['primes', 'http', 'fetch-and-parse'];
