import { LanewiseError } from '../model/errors.ts';
import { didYouMean } from '../model/nearest.ts';
import { parseCount, parseInFlight, splitList, parseStrategy, LARGEST_POOL } from '../options/parse-lists.ts';
import { isPath } from '../model/module-path.ts';
import { STRATEGY_NAMES, traitsOf } from '../model/strategies.ts';
import { wayId, type Way } from './way.ts';

/**
 * Strategies, configurations as cell ids have them (`event-loop@1x8`) and paths of modules, in the order given; one given twice is a twin.
 *
 * @throws LanewiseError for the first that is none of these
 */
export function parseStrategies(values: readonly string[]): readonly string[] {
  return splitList(values).map((item) => {
    if (isConfiguration(item)) parseConfiguration(item, 'strategy');
    else if (!isPath(item)) parseStrategy(item);
    return item;
  });
}

/** Whether a text among the strategies asks for one pool size and concurrency, and not for those of the other flags. */
export function isConfiguration(asked: string): boolean {
  return /[@~]/.test(asked) && !isPath(asked);
}

/**
 * One configuration, as cell ids have it: `worker-threads@8x1`, `child-processes@4`, `event-loop@1x8`, `event-loop~uv16`.
 *
 * @param flag where it was given, for a sentence
 * @throws LanewiseError for what is none, or one that cannot be
 */
export function parseConfiguration(text: string, flag: 'strategy' | 'current'): Way {
  const parts = /^(?<name>[a-z-]+)(?<rest>(?:@(?<size>\d+)(?:x(?<inFlight>\w+))?)?(?:~uv(?<uv>\d+))?)$/.exec(
    text,
  )?.groups;
  if (parts?.name === undefined) throw noConfiguration(text, flag);
  const { name, rest = '', size, inFlight, uv } = parts;
  const strategy = STRATEGY_NAMES.find((known) => known === name);
  if (strategy === undefined) throw noConfiguration(text, flag, didYouMean(name, STRATEGY_NAMES, rest));
  const { lanes, defaultInFlight, plainInFlight } = traitsOf({ strategy });
  const isPool = lanes !== 'one';
  if (isPool && size === undefined)
    throw new LanewiseError(
      'usage',
      `--${flag} "${text}" does not say how many workers: write --${flag} ${strategy}@4, or ${strategy}@4x2 for 2 tasks at once in each.`,
    );
  if (!isPool && size !== undefined && size !== '1') {
    const limited = defaultInFlight === undefined ? strategy : `${strategy}@1x${size}`;
    const what = defaultInFlight === undefined ? 'one task at a time' : `at most ${size} tasks at once`;
    throw new LanewiseError(
      'usage',
      `Invalid --${flag} "${text}": ${strategy} has one worker, the main thread. For ${what}: --${flag} ${limited}.`,
    );
  }
  if (inFlight !== undefined && inFlight !== '1' && defaultInFlight === undefined)
    throw new LanewiseError(
      'usage',
      `Invalid --${flag} "${text}": ${strategy} runs one task at a time in each worker. Write ${text.replace(`x${inFlight}`, '')}.`,
    );
  return {
    strategy,
    poolSize: parseCount(size ?? '1', flag, 1, LARGEST_POOL),
    inFlight: parseInFlight([inFlight ?? String(plainInFlight)])[0] ?? 1,
    ...(uv !== undefined && { uvThreads: parseCount(uv, flag, 1, LARGEST_POOL) }),
  };
}

function noConfiguration(text: string, flag: string, remedy = ''): LanewiseError {
  return new LanewiseError(
    'usage',
    `Invalid --${flag} "${text}".${remedy} A configuration is a strategy, its workers and the tasks at once in each: worker-threads@8x1, child-processes@4, event-loop or event-loop@1x8.`,
  );
}

/** A configuration as cell ids have it, however it was written; any other text as it is. */
export function canonical(asked: string): string {
  return isConfiguration(asked) ? wayId(parseConfiguration(asked, 'strategy')) : asked;
}

/** Whether something that is measured can be meant: one of those asked for, or one configuration of a strategy that was. */
export function isAmong(baseline: string, strategies: readonly string[]): boolean {
  const ofStrategy = baseline.replace(/[@~].*$/, '');
  return strategies.map(canonical).some((asked) => asked === baseline || asked === ofStrategy);
}

/** Whether the number of tasks at once in a worker matters to what was asked for; a module's own lanes are not known yet. */
export function hasPool(asked: string): boolean {
  if (isConfiguration(asked)) return false;
  const strategy = STRATEGY_NAMES.find((known) => known === asked);
  return strategy === undefined || traitsOf({ strategy }).lanes === 'pool';
}
