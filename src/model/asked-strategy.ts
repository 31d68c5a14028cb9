import { configurationId, type Configuration } from './cell-id.ts';
import { LanewiseError, didYouMean, invalid } from './errors.ts';
import type { OwnStrategy } from './plan.ts';
import type { StrategyName } from './results.ts';
import {
  KNOWN_STRATEGY_NAMES,
  QUEUE_STRATEGY_NAMES,
  SERVER_STRATEGY_NAMES,
  STRATEGY_NAMES,
  traitsOf,
} from './strategies.ts';

/** A strategy in every requested size, or one configuration of it as given. */
export type NamedStrategy =
  | { readonly kind: 'strategy'; readonly name: StrategyName }
  | { readonly kind: 'configuration'; readonly configuration: Configuration; readonly written: string };

/** A strategy as given; also by the path of its module, which declares its name. */
export type AskedStrategy = NamedStrategy | { readonly kind: 'module'; readonly path: string };

export function byName(...names: readonly StrategyName[]): readonly NamedStrategy[] {
  return names.map((name) => ({ kind: 'strategy', name }));
}

/** The strategy as it was given. */
export function writtenStrategy(asked: AskedStrategy): string {
  switch (asked.kind) {
    case 'strategy':
      return asked.name;
    case 'configuration':
      return asked.written;
    case 'module':
      return asked.path;
    default:
      return asked satisfies never;
  }
}

/** A configuration as in cell ids, however it was given. */
export function canonical(asked: AskedStrategy): string {
  return asked.kind === 'configuration' ? configurationId(asked.configuration) : writtenStrategy(asked);
}

/** Replaces the path, if it has one. */
export function moved(asked: AskedStrategy, to: (path: string) => string): AskedStrategy {
  return asked.kind === 'module' ? { ...asked, path: to(asked.path) } : asked;
}

/** Replaces a path by the strategy's name; a pattern may stand for several. */
export function named(asked: AskedStrategy, own: readonly OwnStrategy[]): readonly NamedStrategy[] {
  if (asked.kind !== 'module') return [asked];
  return byName(...own.filter(({ path }) => path === asked.path).map(({ name }) => name));
}

/** @throws LanewiseError for a name that is no built-in strategy */
export function requireShipped(asked: AskedStrategy): AskedStrategy {
  if (asked.kind !== 'strategy' || KNOWN_STRATEGY_NAMES.some((known) => known === asked.name)) return asked;
  throw new LanewiseError(
    'usage',
    `Unknown strategy "${asked.name}".${didYouMean(asked.name, KNOWN_STRATEGY_NAMES)} Use ${[...STRATEGY_NAMES, ...QUEUE_STRATEGY_NAMES].join(', ')}, for a load also ${SERVER_STRATEGY_NAMES.join(', ')}, a configuration such as event-loop@1x8, or the path of your own, for example ./my-strategy.js.`,
  );
}

/** The configuration of a strategy that serves requests itself; undefined: it runs batches. */
export function serverIn(asked: AskedStrategy): Partial<Configuration> | undefined {
  if (asked.kind === 'module') return undefined;
  const configuration = asked.kind === 'configuration' ? asked.configuration : { strategy: asked.name };
  return SERVER_STRATEGY_NAMES.some((known) => known === configuration.strategy) ? configuration : undefined;
}

/** Whether a baseline is among the requested strategies, or is a configuration of one. */
export function isAmong(baseline: AskedStrategy, strategies: readonly AskedStrategy[]): boolean {
  const strategy = baseline.kind === 'configuration' ? baseline.configuration.strategy : undefined;
  return strategies.map(canonical).some((asked) => asked === canonical(baseline) || asked === strategy);
}

/** Whether concurrency per worker applies; assumed for a module, whose workers are not known yet. */
export function hasPool(asked: AskedStrategy): boolean {
  if (asked.kind === 'configuration') return false;
  const name = asked.kind === 'strategy' ? asked.name : undefined;
  return KNOWN_STRATEGY_NAMES.every((known) => known !== name) || traitsOf({ strategy: name ?? '' }).lanes === 'pool';
}

/** Whether it needs the server of a queue. */
export function isQueue(asked: AskedStrategy): boolean {
  const strategy = asked.kind === 'configuration' ? asked.configuration.strategy : writtenStrategy(asked);
  return QUEUE_STRATEGY_NAMES.some((name) => name === strategy);
}

/** More workers on one machine are a typing error. */
export const LARGEST_POOL = 1024;

/** Each has a letter, and this one is a. */
export const MOST_MACHINES = 25;

/** A requested pool size: a number of workers, or workers per CPU. */
export type PoolSize = number | { readonly perCore: number };

/** Distinct sizes on a machine with that many CPUs. @throws LanewiseError for one that is too large there */
export function poolSizesOn(sizes: readonly PoolSize[], cores: number): readonly number[] {
  return [
    ...new Set(
      sizes.map((size) => {
        const lanes = typeof size === 'number' ? size : size.perCore * cores;
        if (lanes <= LARGEST_POOL) return lanes;
        throw noPoolSize(writePoolSize(size));
      }),
    ),
  ];
}

export function writePoolSize(size: PoolSize | string): string {
  if (typeof size !== 'object') return String(size);
  return size.perCore === 1 ? 'cores' : `${size.perCore}*cores`;
}

export function noPoolSize(given: string | number, name = '--pool-size'): LanewiseError {
  return invalid(name, given, `whole numbers from 1 to ${LARGEST_POOL}, a range like 1..8, cores or 2*cores`);
}
