import { readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import picomatch from 'picomatch';
import type { DescribeStrategyReply } from '../../workers/describe.ts';
import { isObject } from '../../workers/value-kinds.ts';
import type { StrategyClaims } from '../../workers/claims.ts';
import { LanewiseError } from '../model/errors.ts';
import type { OwnStrategy } from '../model/plan.ts';
import type { Warning } from '../model/results.ts';
import { describeModules, notLoaded } from './describe-modules.ts';
import { START_TIMEOUT_MS } from './host.ts';
import { locateModule } from './locate-module.ts';

export interface FoundStrategies {
  readonly strategies: readonly OwnStrategy[];
  /** Of those that were left out. */
  readonly warnings: readonly Warning[];
}

/**
 * Finds the modules of the user's strategies, of which a path may be a pattern for several (`strategies/*.js`), and asks each what it says
 * of itself. One that needs a package which is not installed is left out, and named.
 *
 * @throws LanewiseError for the first that is missing, does not load or is no strategy
 */
export async function findStrategies(
  paths: readonly string[],
  startTimeoutMs: number = START_TIMEOUT_MS,
): Promise<FoundStrategies> {
  const modules = [...new Set(paths)].flatMap((path) =>
    expanded(path)
      .map(locateModule)
      .map((module) => ({ ...module, path, called: `The strategy ${module.source}` })),
  );
  const strategies: OwnStrategy[] = [];
  const warnings: Warning[] = [];
  for await (const [module, reply] of describeModules('strategies', modules, isDescription, startTimeoutMs)) {
    const { path, ref, source, fallbackName } = module;
    if ('strategy' in reply) strategies.push({ path, ref, ...checked(reply.strategy, source, fallbackName) });
    else {
      const missing = missingPackage(reply.error.message);
      if (missing === undefined) throw notLoaded(module, reply.error);
      warnings.push({ kind: 'strategy-left-out', strategy: fallbackName, missing });
    }
  }
  return { strategies, warnings };
}

function checked(claims: StrategyClaims, source: string, fallbackName: string): Omit<OwnStrategy, 'path' | 'ref'> {
  if ('wrong' in claims) throw new LanewiseError('input', `The module ${source} is no strategy: ${claims.wrong}.`);
  const { name = fallbackName.replaceAll(/[^\w.-]/g, '-'), description, lanes, keepsLanes } = claims;
  return { name, ...(description !== undefined && { description }), laneKind: lanes, keepsLanes };
}

/** A pattern in the last part of a path. */
function expanded(path: string): readonly string[] {
  const pattern = basename(path);
  if (!/[*?[{]/.test(pattern)) return [path];
  const folder = dirname(path);
  const isMatch = picomatch(pattern);
  let names: readonly string[] = [];
  try {
    names = readdirSync(folder).filter((name) => isMatch(name) && /\.[cm]?[jt]s$/.test(extname(name)));
  } catch {
    // Told below.
  }
  if (names.length > 0) return names.toSorted().map((name) => `${folder === '.' ? './' : ''}${join(folder, name)}`);
  throw new LanewiseError('input', `No module is named ${path}: give the path of a module that exports a strategy.`);
}

function missingPackage(message: string): string | undefined {
  return /Cannot find (?:package|module) '((?:@[^/']+\/)?[^./\\:'][^/\\:']*)/.exec(message)?.[1];
}

function isDescription(message: unknown): message is DescribeStrategyReply {
  return isObject(message) && (isObject(message.strategy) || isObject(message.error));
}
