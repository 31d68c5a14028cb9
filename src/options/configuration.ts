import { LARGEST_POOL, MOST_MACHINES, type AskedStrategy } from '../model/asked-strategy.ts';
import { LanewiseError, didYouMean, invalid } from '../model/errors.ts';
import { isPath } from '../model/module-path.ts';
import type { Concurrency } from '../model/results.ts';
import { KNOWN_STRATEGY_NAMES, traitsOf } from '../model/strategies.ts';
import type { Configuration } from '../model/cell-id.ts';
import { wholeNumber } from './option.ts';

/**
 * Parses a strategy's name, one configuration written as in cell ids (`event-loop@1x8`), or the path of a module.
 *
 * @param name the flag or setting, for error messages
 * @throws LanewiseError for an impossible configuration
 */
export function parseStrategy(text: string, name: string): AskedStrategy {
  if (isPath(text)) return { kind: 'module', path: text };
  if (/[@~]/.test(text)) return { kind: 'configuration', configuration: parseConfiguration(text, name), written: text };
  return { kind: 'strategy', name: text };
}

/**
 * Parses one configuration, written as in cell ids: `worker-threads@8x1`, `child-processes@4`, `event-loop@1x8`,
 * `event-loop~uv16`.
 *
 * @param name the flag or setting, for error messages
 * @throws LanewiseError for an invalid or impossible configuration
 */
export function parseConfiguration(text: string, name: string): Configuration {
  const parts =
    /^(?<strategy>[a-z-]+)(?<rest>(?:@(?<size>\d+)(?:x(?<concurrency>\w+))?)?(?:~uv(?<uv>\d+))?(?:~machines(?<machines>\d+))?)$/.exec(
      text,
    )?.groups;
  if (parts?.strategy === undefined) throw noConfiguration(text, name);
  const { strategy, rest = '', size, concurrency, uv, machines } = parts;
  if (!KNOWN_STRATEGY_NAMES.some((known) => known === strategy))
    throw noConfiguration(text, name, didYouMean(strategy, KNOWN_STRATEGY_NAMES, rest));
  return configurationOf(
    {
      strategy,
      ...(size !== undefined && { poolSize: Number(size) }),
      ...(concurrency !== undefined && { concurrency: concurrencyOf(concurrency, name, text) }),
      ...(uv !== undefined && { uvThreads: Number(uv) }),
      ...(machines !== undefined && { machines: Number(machines) }),
    },
    name,
    text,
  );
}

/** Checks a configuration given by its parts, and fills in the defaults. @throws LanewiseError for an impossible one */
export function configurationOf(
  { strategy: asked, poolSize, concurrency, uvThreads, machines }: Partial<Configuration>,
  name: string,
  text = writeConfiguration(asked, poolSize, concurrency),
): Configuration {
  const strategy = KNOWN_STRATEGY_NAMES.find((known) => known === asked);
  if (strategy === undefined) throw noConfiguration(text, name, didYouMean(text, KNOWN_STRATEGY_NAMES));
  const { lanes, defaultConcurrency, plainConcurrency } = traitsOf({ strategy });
  const isPool = lanes !== 'one';
  if (isPool && poolSize === undefined && concurrency === undefined)
    throw new LanewiseError(
      'usage',
      `Invalid ${name} "${text}": the number of workers is missing. Write ${strategy}@4, or ${strategy}@4x2 for 2 tasks at once in each.`,
    );
  if (!isPool && poolSize !== undefined && poolSize !== 1) {
    const limited = defaultConcurrency === undefined ? strategy : `${strategy}@1x${poolSize}`;
    const what = defaultConcurrency === undefined ? 'one task at a time' : `at most ${poolSize} tasks at once`;
    throw new LanewiseError(
      'usage',
      `Invalid ${name} "${text}": ${strategy} has one worker, the main thread. For ${what}: ${name} ${limited}.`,
    );
  }
  if (concurrency !== undefined && concurrency !== 1 && defaultConcurrency === undefined)
    throw new LanewiseError(
      'usage',
      `Invalid ${name} "${text}": ${strategy} runs one task at a time in each worker. Write ${text.replace(`x${concurrency}`, '')}.`,
    );
  if (machines !== undefined && (traitsOf({ strategy }).needsServer !== true || (poolSize ?? 1) % (machines + 1) !== 0))
    throw new LanewiseError(
      'usage',
      `Invalid ${name} "${text}": ${traitsOf({ strategy }).needsServer === true ? `${machines + 1} machines share the workers equally` : 'only bullmq runs on several machines'}. Write bullmq@${2 * (machines + 1)}~machines${machines}, for 2 workers on each.`,
    );
  return {
    strategy,
    poolSize: wholeNumber(poolSize ?? 1, name, 1, LARGEST_POOL, text),
    concurrency: concurrencyOf(concurrency ?? plainConcurrency, name, text),
    ...(uvThreads !== undefined && { uvThreads: wholeNumber(uvThreads, name, 1, LARGEST_POOL, text) }),
    ...(machines !== undefined && { machines: wholeNumber(machines, name, 1, MOST_MACHINES, text) }),
  };
}

function writeConfiguration(strategy = '', poolSize?: number, concurrency?: Concurrency): string {
  if (poolSize === undefined && concurrency === undefined) return strategy;
  return `${strategy}@${poolSize ?? 1}${concurrency === undefined ? '' : `x${concurrency}`}`;
}

function noConfiguration(text: string, name: string, remedy = ''): LanewiseError {
  return new LanewiseError(
    'usage',
    `Invalid ${name} "${text}".${remedy} Expected a strategy with its workers and concurrency, as worker-threads@8x1, child-processes@4 or event-loop.`,
  );
}

/**
 * Parses a concurrency.
 *
 * @param quoted what an error quotes: the value that it is a part of
 * @throws LanewiseError for anything but a whole number from 1, or `all`
 */
export function concurrencyOf(item: string | number, name: string, quoted = item): Concurrency {
  if (item === 'all') return 'all';
  if (/^[1-9]\d*$/.test(String(item))) return Number(item);
  throw invalid(name, quoted, 'whole numbers from 1, or all');
}
