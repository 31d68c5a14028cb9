import { canonical, isAmong, named, writtenStrategy } from '../model/asked-strategy.ts';
import { LanewiseError } from '../model/errors.ts';
import type { OwnStrategy } from '../model/plan.ts';
import { noBaseline, type NamedRequest, type ResolvedRequest } from './resolve.ts';
import { STRATEGY_NAMES } from '../model/strategies.ts';

/**
 * The request with the name of each strategy in place of its path. A path can be a pattern that stands for several, and one of which a package
 * is missing stands for none.
 *
 * @throws LanewiseError if two have one name, or nothing is left to be measured
 */
export function nameStrategies(request: ResolvedRequest, own: readonly OwnStrategy[]): NamedRequest {
  const strategies = request.strategies.flatMap((asked) => named(asked, own));
  // Two paths can lead to one module.
  const names = [...STRATEGY_NAMES, ...new Map(own.map(({ ref, name }) => [ref.url, name])).values()];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new LanewiseError('input', `Two strategies are called "${twice}": give one of them another \`name\`.`);
  // The first of all, if it is the one that was left out.
  const [baseline = strategies[0]] = named(request.baseline, own);
  if (baseline === undefined)
    throw new LanewiseError('input', 'No strategy is left to be measured: each needs a package that is not installed.');
  if (!isAmong(baseline, strategies)) throw noBaseline(baseline, strategies);
  const options = { strategies: strategies.map(writtenStrategy), baseline: canonical(baseline) };
  return { ...request, strategies, baseline, options: { ...request.options, ...options } };
}
