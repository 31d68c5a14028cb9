import { LanewiseError } from '../model/errors.ts';
import type { OwnStrategy } from '../model/plan.ts';
import { isAmong } from './configurations.ts';
import { noBaseline, type ResolvedRequest } from './resolve.ts';
import { isPath } from '../model/module-path.ts';
import { STRATEGY_NAMES } from '../model/strategies.ts';

/**
 * The request with the name of each strategy in place of its path. A path can be a pattern that stands for several, and one of which a package
 * is missing stands for none.
 *
 * @throws LanewiseError if two have one name, or nothing is left to be measured
 */
export function nameStrategies(request: ResolvedRequest, own: readonly OwnStrategy[]): ResolvedRequest {
  const { strategies: asked, baseline } = request.options;
  if (!asked.some(isPath)) return request;
  const strategies = asked.flatMap((item) =>
    isPath(item) ? own.filter(({ path }) => path === item).map(({ name }) => name) : [item],
  );
  // Two paths can lead to one module.
  const names = [...STRATEGY_NAMES, ...new Map(own.map(({ ref, name }) => [ref.url, name])).values()];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new LanewiseError('input', `Two strategies are called "${twice}": give one of them another \`name\`.`);
  if (strategies.length === 0)
    throw new LanewiseError('input', 'No strategy is left to be measured: each needs a package that is not installed.');
  // The first of all, if it is the one that was left out.
  const first = isPath(baseline) ? (own.find(({ path }) => path === baseline)?.name ?? strategies[0]) : baseline;
  if (first === undefined || !isAmong(first, strategies)) throw noBaseline(first ?? baseline, strategies);
  return { ...request, options: { ...request.options, strategies, baseline: first } };
}
