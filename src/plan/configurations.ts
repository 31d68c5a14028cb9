import { STRATEGY_NAMES, traitsOf } from '../model/strategies.ts';
import { canonical, isConfiguration } from '../options/configuration.ts';

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
