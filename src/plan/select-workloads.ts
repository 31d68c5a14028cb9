import { resolve } from 'node:path';
import picomatch from 'picomatch';
import { LanewiseError, didYouMean } from '../model/errors.ts';
import { endingAt, isPath } from '../model/module-path.ts';
import type { WorkloadPlace } from '../model/plan.ts';

/** Built-in workloads by name: path of each module within `bench/`. */
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

/** Default workloads of `lanewise run`: one of each kind of work. */
const DEFAULT_SUITE: readonly string[] = ['primes', 'http', 'fetch-and-parse'];

const NAMES = Object.keys(SHIPPED_WORKLOADS);

/** Resolves names, globs of names and paths to workloads, each once; none: the default suite. */
export function selectWorkloads(asked: readonly string[] = []): readonly WorkloadPlace[] {
  const places = (asked.length === 0 ? DEFAULT_SUITE : asked).flatMap(selectOne);
  const seen = new Set<string>();
  return places.filter((place) => seen.size !== seen.add(keyOf(place)).size);
}

function selectOne(asked: string): readonly WorkloadPlace[] {
  if (NAMES.includes(asked)) return [shipped(asked)];
  // One of the exports of a package: `bcryptjs#hashSync`.
  if (isPath(asked) || asked.lastIndexOf('#') > 0) return [{ kind: 'file', path: asked }];
  const isMatch = isGlob(asked) ? picomatch(asked) : () => false;
  const matching = NAMES.filter((name) => isMatch(name));
  if (matching.length > 0) return matching.map(shipped);
  const ending = asked === '' ? undefined : endingAt(resolve(asked));
  const hint = ending === undefined ? didYouMean(asked, NAMES) : ` Did you mean "./${asked}${ending}"?`;
  throw new LanewiseError(
    'usage',
    `Unknown workload "${asked}".${hint} "lanewise list" shows the built-in ones; give your own by path, as ./work.js, or an export of a package, as some-package#resize or some-package#default.`,
  );
}

/** Longer globs would take long to match, and no name needs one. */
const LONGEST_GLOB = 200;

function isGlob(asked: string): boolean {
  return /[*?[{]/.test(asked) && asked.length <= LONGEST_GLOB;
}

function shipped(name: string): WorkloadPlace {
  return { kind: 'shipped', name, module: SHIPPED_WORKLOADS[name] ?? name };
}

function keyOf(place: WorkloadPlace): string {
  return place.kind === 'shipped' ? place.name : place.path;
}
