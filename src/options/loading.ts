/** Options of `load` only, on the command line and in the API. */
import { LanewiseError, invalid } from '../model/errors.ts';
import { FASTEST_RATE, MOST_REQUESTS, PULSE, SHORTEST_OBJECTIVE_MS } from '../model/evidence.ts';
import type { Arrivals, Connections, Objective, Overload } from '../model/load.ts';
import {
  count,
  isObject,
  isText,
  kind,
  last,
  list,
  oneOf,
  rows,
  wholeNumber,
  yesOrNo,
  type Kind,
  type Options,
} from './option.ts';
import { durationMsOf, shortDuration, withUnit } from './quantity.ts';

const isQuantile = (text: string | undefined): text is Objective['quantile'] =>
  text === 'p50' || text === 'p90' || text === 'p95' || text === 'p99';

/** `p99<=50ms`. @throws LanewiseError for anything else */
function parseObjective(given: string, name: string): Objective {
  const [, quantile, limit = ''] = /^(p\d\d)<=(.+)$/.exec(given.replaceAll(' ', '')) ?? [];
  const ms = durationMsOf(withUnit(limit, name, given));
  if (!isQuantile(quantile) || !(ms > 0))
    throw invalid(name, given, "p50, p90, p95 or p99 and a duration, as 'p99<=50ms'");
  return checkObjective({ quantile, ms }, name);
}

function checkObjective(objective: Objective, name: string): Objective {
  if (objective.ms >= SHORTEST_OBJECTIVE_MS) return objective;
  throw new LanewiseError(
    'usage',
    `Invalid ${name} of ${objective.ms} ms: on busy CPUs the requests themselves leave some milliseconds late, so at least ${SHORTEST_OBJECTIVE_MS} ms can be held to.`,
  );
}

const objective = kind<Objective, Objective | string, Objective | `${Objective['quantile']}<=${string}`>('text', {
  type: "{ quantile: 'p50' | 'p90' | 'p95' | 'p99'; ms: number } | `${quantile}<=${string}`",
  must: 'a text as p99<=50ms, or an object with a quantile and ms',
  is: (value): value is Objective | string =>
    isText(value) || (isObject(value) && isQuantile(String(value.quantile)) && typeof value.ms === 'number'),
  of: (value, name) => (typeof value === 'object' ? checkObjective(value, name) : parseObjective(value, name)),
  parse: (given, name) => parseObjective(last(given), name),
  write: (value) => [typeof value === 'string' ? value : `${value.quantile}<=${value.ms}ms`],
});

const rateList = list<number, readonly number[]>({
  type: 'number',
  of: (items, name) => [...new Set(items.map((item) => rateOf(item, name)))].toSorted((a, b) => a - b),
});

/** `auto`, or a list. */
const rates: Kind<'auto' | readonly number[]> = {
  ...rateList,
  type: `'auto' | ${rateList.type}`,
  parse: (given, name) => {
    const words = given.flatMap((text) => text.split(','));
    if (!words.includes('auto')) return rateList.parse(given, name);
    if (words.length === 1) return 'auto';
    throw new LanewiseError(
      'usage',
      `Invalid ${name}: auto finds the rates by itself. Give it alone, or rates without it.`,
    );
  },
  check: (value, name) => (value === 'auto' ? value : rateList.check(value, name)),
  write: (value) => (value === 'auto' ? [value] : rateList.write(value)),
};

function rateOf(given: string | number, name: string): number {
  const rate = typeof given === 'number' || /^\d+(?:\.\d+)?$/.test(given) ? Number(given) : Number.NaN;
  if (rate > 0 && rate <= FASTEST_RATE) return rate;
  throw invalid(name, given, `auto, or arrivals per second, above 0 and at most ${FASTEST_RATE}`);
}

/** `poisson`, `constant` or `burst:10`. @throws LanewiseError for anything else */
function parseArrivals(given: string, name: string): Arrivals {
  if (given === 'poisson' || given === 'constant') return { kind: given };
  const size = Number(/^burst:(\d+)$/.exec(given)?.[1]);
  if (size >= 2) return { kind: 'burst', size };
  throw invalid(name, given, 'poisson, constant, or burst and a number from 2, as burst:10');
}

const arrivals = kind<Arrivals, Arrivals | string, 'poisson' | 'constant' | `burst:${number}`>('text', {
  type: "'poisson' | 'constant' | `burst:${number}`",
  must: 'a text',
  is: (value): value is Arrivals | string => isText(value) || (isObject(value) && isText(value.kind)),
  of: (value, name) => (typeof value === 'object' ? value : parseArrivals(value, name)),
  parse: (given, name) => parseArrivals(last(given), name),
  write: (value) => [typeof value === 'string' ? value : value.kind === 'burst' ? `burst:${value.size}` : value.kind],
});

/** A module, or the old and the new version of one. */
const modules = kind<readonly string[], string | readonly string[], string | readonly [old: string, current: string]>(
  'texts',
  {
    type: 'string | readonly [old: string, current: string]',
    must: 'a text, or two',
    is: (value): value is string | readonly string[] => isText(value) || (Array.isArray(value) && value.every(isText)),
    of: (value) => [value].flat(),
    parse: (given) => given,
    write: (value) => [value].flat(),
  },
);

/** `none`, `auto` or a number of tasks. */
const maxQueue = kind<'none' | 'auto' | number, string | number, 'none' | 'auto' | number>('text', {
  type: "'none' | 'auto' | number",
  must: 'none, auto or a number',
  is: (value): value is string | number => isText(value) || typeof value === 'number',
  of: queueOf,
  parse: (given, name) => queueOf(last(given), name),
});

function queueOf(given: string | number, name: string): 'none' | 'auto' | number {
  if (given === 'none' || given === 'auto') return given;
  const tasks = typeof given === 'number' || /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (Number.isSafeInteger(tasks) && tasks >= 1) return tasks;
  throw invalid(name, given, 'none, auto or a whole number from 1');
}

/** Each has a descriptor on both sides, of which systems allow a thousand or so. */
const MOST_CONNECTIONS = 400;

const connections = kind<Connections, string | number, number | 'new'>('text', {
  type: "number | 'new'",
  must: "a number, or 'new'",
  is: (value): value is string | number => isText(value) || typeof value === 'number',
  of: (value, name) => (value === 'new' ? value : wholeNumber(value, name, 1, MOST_CONNECTIONS)),
  parse: (given, name) => (last(given) === 'new' ? 'new' : wholeNumber(last(given), name, 1, MOST_CONNECTIONS)),
});

const MOST_PROBES = 100;

/** `1.5x:3s`. @throws LanewiseError for anything else */
function parseOverload(given: string, name: string): Overload {
  const [, times, limit = ''] = /^(\d+(?:\.\d+)?)x:(.+)$/.exec(given) ?? [];
  const asked = { times: Number(times), pulseMs: durationMsOf(limit) };
  if (isOverload(asked)) return asked;
  throw invalid(name, given, 'a multiple above 1 and at most 20, and a duration of at most 60s, as 1.5x:3s');
}

const isOverload = ({ times, pulseMs }: Overload): boolean =>
  times > 1 && times <= PULSE.mostTimes && pulseMs > 0 && pulseMs <= PULSE.longestMs;

const overload = kind<Overload, Overload | string, Overload | `${number}x:${string}`>('text', {
  type: '`${number}x:${string}` | { times: number; pulseMs: number }',
  must: 'a text as 1.5x:3s, or an object with times from 1 to 20 and pulseMs of at most 60,000',
  is: (value): value is Overload | string =>
    isText(value) ||
    (isObject(value) &&
      typeof value.times === 'number' &&
      typeof value.pulseMs === 'number' &&
      isOverload({ times: value.times, pulseMs: value.pulseMs })),
  of: (value, name) => (typeof value === 'object' ? value : parseOverload(value, name)),
  parse: (given, name) => parseOverload(last(given), name),
  write: (value) => [typeof value === 'string' ? value : `${value.times}x:${value.pulseMs}ms`],
});

const aim = rows('What arrives:', 'code', 'file');
const evidence = rows('How much evidence:', 'code');

export const LOADING = {
  /** A name, or the path of a module; with `versus` two paths, of the old version and of the new one. */
  workload: aim(modules, { load: ['name or module path; with --versus two paths'] }, { isPositional: true }),
  /** The latency not to exceed. Default: p99, five times the latency of a task that meets no other, at least 10 ms. */
  objective: aim(objective, { load: ["latency limit, as 'p99<=50ms'", 'p99, 5 × a task alone'] }, { isCommon: true }),
  /**
   * Arrivals per second; each is measured. Default: `'auto'`, which finds the rate that each configuration holds, and
   * measures around it.
   */
  rates: aim(
    rates,
    { load: ['40,80,120 a second; auto finds those that are held', 'auto'] },
    { flag: 'rate', isRecorded: true, isCommon: true },
  ),
  /** How tasks arrive. Default: `'poisson'`, users who know nothing of each other. */
  arrivals: aim(
    arrivals,
    { load: ['poisson, constant, or burst:10 at once', 'poisson'] },
    { isRecorded: true, isCommon: true },
  ),
  /** How tasks reach the strategy: from another process over HTTP, or from its own. Default: `'http'`. */
  via: aim(
    oneOf(['http', 'in-process']),
    { load: ['http: requests from another process; or in-process', 'http'] },
    { isRecorded: true, isCommon: true },
  ),
  /** Connections that are kept alive, and more while all are busy; `'new'`: one for each request. Default: 64. */
  connections: aim(
    connections,
    { load: ['kept-alive connections, more if all are busy; with --rate also new for each', '64'] },
    { isRecorded: true },
  ),
  /** Requests a second that do no work, to see whether the server still answers. Default: 20. */
  probe: aim(count(0, MOST_PROBES), { load: ['requests a second to /ping, which does no work', '20'] }),
  /**
   * Arrivals in a window, of which the first quarter does not count; around a searched rate there are more where fewer
   * would come within ten times the objective. Default: 400, or fewer where a search would make a quick or standard load
   * too long.
   */
  window: aim(count(40, MOST_REQUESTS), {
    load: [
      'arrivals in a window; in a search more where it would be under 10 objectives long',
      '400; in a search fewer, as time allows',
    ],
  }),
  /**
   * The most tasks that may wait in the queue of a configuration: one more is rejected. `'auto'`: the square of the pool
   * size, as in Piscina. Default: `'none'`, no limit.
   */
  maxQueue: aim(
    maxQueue,
    { load: ['most tasks that wait in a queue: 100, or auto, the square of the workers', 'no limit'] },
    { isRecorded: true },
  ),
  /** How long somebody waits for a task; later it has missed, and what it still does is wasted. Default: for ever. */
  giveUpMs: aim(
    shortDuration,
    { load: ['how long somebody waits for a task; what it does later is wasted: 1s', 'for ever'] },
    { flag: 'give-up', isRecorded: true },
  ),
  /** A configuration whose pings take longer at p99 is not recommended. Default: the latency of the objective. */
  pingObjectiveMs: aim(
    shortDuration,
    { load: ['without --rate: recommend none whose pings take longer, at p99', 'the objective'] },
    { flag: 'ping-objective', isRecorded: true },
  ),
  /** A pulse after the windows: the multiple of the rate that is held, and for how long. Default: none. */
  overload: aim(
    overload,
    { load: ['then a pulse of that multiple of the rate held: 1.5x:3s', 'none'] },
    { isRecorded: true },
  ),
  /** Whether Piscina keeps the order of waiting tasks. Its own default is false. Default: true. */
  stricterFifo: aim(
    yesOrNo,
    { load: ['Piscina keeps the order of tasks; --no-stricter-fifo is its default', 'yes'] },
    { isRecorded: true },
  ),
  /** Keep the times of every task in the results. */
  keepRequests: aim(yesOrNo, { load: ['keep the times of every task in the results'] }),
  /** Measure even more than 200,000 requests, which take long and make large results. */
  force: evidence(yesOrNo, { load: ['measure even more than 200,000 requests', 'no'] }),
} satisfies Options;
