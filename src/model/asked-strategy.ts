import { wayId, type Way } from './cell-id.ts';
import { LanewiseError, didYouMean, invalid } from './errors.ts';
import type { OwnStrategy } from './plan.ts';
import type { StrategyName } from './results.ts';
import { STRATEGY_NAMES, traitsOf } from './strategies.ts';

/** A strategy by its name, in every size that is asked for, or one configuration of it, as it was written. */
export type NamedStrategy =
  | { readonly kind: 'strategy'; readonly name: StrategyName }
  | { readonly kind: 'configuration'; readonly way: Way; readonly written: string };

/** A strategy as it was asked for: also by the path of its module, which says itself what it is called. */
export type AskedStrategy = NamedStrategy | { readonly kind: 'module'; readonly path: string };

export function byName(...names: readonly StrategyName[]): readonly NamedStrategy[] {
  return names.map((name) => ({ kind: 'strategy', name }));
}

/** As it was written. */
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

/** A configuration as cell ids have it, however it was written. */
export function canonical(asked: AskedStrategy): string {
  return asked.kind === 'configuration' ? wayId(asked.way) : writtenStrategy(asked);
}

/** With another path, if it has one. */
export function moved(asked: AskedStrategy, to: (path: string) => string): AskedStrategy {
  return asked.kind === 'module' ? { ...asked, path: to(asked.path) } : asked;
}

/** By name in place of its path; a pattern stands for several. */
export function named(asked: AskedStrategy, own: readonly OwnStrategy[]): readonly NamedStrategy[] {
  if (asked.kind !== 'module') return [asked];
  return byName(...own.filter(({ path }) => path === asked.path).map(({ name }) => name));
}

/** @throws LanewiseError for the name of a strategy that does not ship */
export function requireShipped(asked: AskedStrategy): AskedStrategy {
  if (asked.kind !== 'strategy' || STRATEGY_NAMES.some((known) => known === asked.name)) return asked;
  throw new LanewiseError(
    'usage',
    `Unknown strategy "${asked.name}".${didYouMean(asked.name, STRATEGY_NAMES)} Use ${STRATEGY_NAMES.join(', ')}, a configuration such as event-loop@1x8, or the path of your own, as ./my-strategy.js.`,
  );
}

/** Whether something that is measured can be meant: one of those asked for, or one configuration of a strategy that was. */
export function isAmong(baseline: AskedStrategy, strategies: readonly AskedStrategy[]): boolean {
  const strategy = baseline.kind === 'configuration' ? baseline.way.strategy : undefined;
  return strategies.map(canonical).some((asked) => asked === canonical(baseline) || asked === strategy);
}

/** Whether the number of tasks at once in a worker matters to what was asked for; a module's own lanes are not known yet. */
export function hasPool(asked: AskedStrategy): boolean {
  if (asked.kind === 'configuration') return false;
  const name = asked.kind === 'strategy' ? asked.name : undefined;
  return STRATEGY_NAMES.every((known) => known !== name) || traitsOf({ strategy: name ?? '' }).lanes === 'pool';
}

/** More lanes than this on one machine is a slip of the pen. */
export const LARGEST_POOL = 1024;

/** A pool size as it was asked for: lanes, or so many for each core. */
export type PoolSize = number | { readonly perCore: number };

/** The sizes that these are on a machine of so many cores, without repetitions. @throws LanewiseError for one that is too large there */
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
