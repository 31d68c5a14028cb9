import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import picomatch from 'picomatch';
import type { WorkloadClaims } from '../../workers/claims.ts';
import { killAllMarked, MARK } from '../../workers/clear-up.ts';
import type { StrategyClaims } from '../../workers/strategy-claims.ts';
import type { LaneError, ModuleRef } from '../../workers/contract.ts';
import type { DescribeBooted, DescribeRequest, DescribeReply } from '../../workers/describe.ts';
import type { Loader } from '../../workers/this-runtime.ts';
import { isObject } from '../../workers/value-kinds.ts';
import { LanewiseError } from '../model/errors.ts';
import { oneLine } from '../model/text.ts';
import type { FoundWorkload, Runtime, WorkloadPlace, OwnStrategy } from '../model/plan.ts';
import type { Warning } from '../model/results.ts';
import { launchOf, START_TIMEOUT_MS } from './host.ts';
import {
  formatRemedy,
  locateModule,
  locateWorkload,
  neededLoaders,
  whyNotLoaded,
  type LocatedWorkload,
} from './locate-module.ts';
import { notStarted, openWorkerProcess, ProcessFailure } from './worker-process.ts';

/** Long enough for a busy machine; no user code runs until then. */
const BOOT_TIMEOUT_MS = 30_000;

/** A user's module, and its name in sentences: `The workload primes.js`. */
interface Named {
  readonly ref: ModuleRef;
  readonly called: string;
}

/** A module with its answer, and the process that gave it. */
type Described<Module, Claims> = readonly [Module, DescribeReply<Claims>, Loader];

/**
 * Loads modules in a separate process and yields what they declare: user code is never evaluated in this process. One
 * that this Node does not load is tried with its loaders, and then with the runtimes that will run it.
 *
 * @returns each module with its answer, in order
 * @throws LanewiseError at a module that ends the process, or never settles
 */
async function* describeModules<Claims, Module extends Named>(
  kind: DescribeRequest['kind'],
  modules: readonly Module[],
  { startTimeoutMs = START_TIMEOUT_MS, runtimes = [] }: FindOptions,
): AsyncGenerator<Described<Module, Claims>> {
  for await (const first of describeOnce<Claims, Module>(kind, modules, startTimeoutMs)) {
    let found = first;
    const [module, reply] = first;
    const ref = 'error' in reply ? neededLoaders(module.ref, reply.error) : undefined;
    const others = [
      ...(ref === undefined ? [] : [{ module: { ...module, ref }, runtime: undefined }]),
      ...runtimes.map((runtime) => ({ module, runtime })),
    ];
    for (const other of others) {
      if (!('error' in found[1])) break;
      for await (const again of describeOnce<Claims, Module>(kind, [other.module], startTimeoutMs, other.runtime))
        found = again;
    }
    yield found;
  }
}

/** @param runtime undefined: the Node of this process */
async function* describeOnce<Claims, Module extends Named>(
  kind: DescribeRequest['kind'],
  modules: readonly Module[],
  startTimeoutMs: number,
  runtime?: Runtime,
): AsyncGenerator<Described<Module, Claims>> {
  if (modules.length === 0) return;
  const { isForeign = false, ...launch } = runtime === undefined ? {} : launchOf(runtime);
  const mark = randomUUID();
  const process = openWorkerProcess<DescribeRequest, DescribeReply<Claims> | DescribeBooted>('describe.js', {
    ...launch,
    env: { [MARK]: mark },
    portable: isForeign ? (await import('../../workers/portable.ts')).portable : undefined,
    // The caller checks the fields of the claims.
    isReply: (message): message is DescribeReply<Claims> | DescribeBooted =>
      isObject(message) && (message.kind === 'booted' || isObject(message.claims) || isObject(message.error)),
  });
  try {
    const booted = await process.next(Math.max(startTimeoutMs, BOOT_TIMEOUT_MS)).catch((cause: unknown) => {
      throw notStarted('The process that loads modules', cause);
    });
    if (!('kind' in booted))
      throw new LanewiseError('internal', 'A process has loaded modules before it was asked to.');
    process.send({ kind, refs: modules.map(({ ref }) => ref) });
    for (const module of modules) {
      const reply = await process.next(startTimeoutMs).catch((cause: unknown) => {
        throw new LanewiseError('input', `${module.called} cannot be loaded: ${whyNoAnswer(cause, startTimeoutMs)}.`, {
          cause,
        });
      });
      if (!('kind' in reply)) yield [module, reply, booted];
    }
  } finally {
    process.kill();
    await process.end();
    // An import may start processes.
    killAllMarked(mark);
  }
}

function whyNoAnswer(cause: unknown, startTimeoutMs: number): string {
  if (!(cause instanceof ProcessFailure)) return `on import ${String(cause)}`;
  if (cause.name !== 'TimeoutError') return `on import ${cause.message}`;
  return `it was not ready within ${startTimeoutMs / 1000} s. Its import, or a promise that it exports, needs a longer --start-timeout or never ends`;
}

/** The error of an import that threw. */
async function notLoaded({ ref, called }: Named, error: LaneError, by: Loader): Promise<LanewiseError> {
  const remedy = formatRemedy(error);
  // Node adds its own remedy in further lines.
  const [first = ''] = error.message.split(/\r?\n/);
  const said = oneLine(remedy === '' ? error.message : first).replace(/\.$/, '');
  const why =
    whyNotLoaded(ref, error, by) ??
    `cannot be loaded: on import it threw ${error.name}: ${said}${await syntaxPlace(ref, error)}.${remedy}`;
  return new LanewiseError('input', `${called} ${why}`);
}

/** The line of a syntax error, which an import does not report: ` (line 4)`; empty if it is in another file. */
async function syntaxPlace({ url }: ModuleRef, { name }: LaneError): Promise<string> {
  if (name !== 'SyntaxError') return '';
  const { promisify } = await import('node:util');
  const { execFile } = await import('node:child_process');
  const path = fileURLToPath(url);
  const parsed = promisify(execFile)(process.execPath, ['--check', path], { timeout: CHECK_TIMEOUT_MS });
  const text = await parsed.then(
    () => '',
    (failed: unknown) => (isObject(failed) ? String(failed.stderr) : ''),
  );
  const line = /^.*:(\d+)$/m.exec(text)?.[1];
  return line === undefined ? '' : ` (line ${line})`;
}

/** It only parses. */
const CHECK_TIMEOUT_MS = 5000;

export interface FindOptions {
  /** Time limit for each module to load. Default: as for a configuration. */
  readonly startTimeoutMs?: number | undefined;
  /** Those that will run them; none: the Node of this process. */
  readonly runtimes?: readonly Runtime[];
}

/**
 * Finds workload modules and loads them in a separate process for what they declare.
 *
 * @param options.workerData their `workerData`
 * @throws LanewiseError for the first that is missing, does not load or is not a workload
 */
export async function findWorkloads(
  places: readonly WorkloadPlace[],
  { workerData, ...how }: FindOptions & { readonly workerData?: unknown } = {},
): Promise<readonly FoundWorkload[]> {
  const modules = places.map((place) => {
    const located = locateWorkload(place);
    const ref = workerData === undefined ? located.ref : { ...located.ref, workerData };
    return { ...located, ref, called: `The workload ${nameOf(located)}` };
  });
  const found: FoundWorkload[] = [];
  const replies = describeModules<WorkloadClaims, (typeof modules)[number]>('workloads', modules, how);
  for await (const [module, reply, by] of replies) {
    if ('error' in reply) throw await failureOf(module, reply.error, by);
    const { called: _called, ...located } = module;
    found.push({ ...located, claims: reply.claims });
  }
  return found;
}

function nameOf({ source, fallbackName }: LocatedWorkload): string {
  return source === 'shipped' ? fallbackName : source;
}

async function failureOf(
  module: LocatedWorkload & { readonly called: string },
  error: LaneError,
  by: Loader,
): Promise<LanewiseError> {
  if (error.name !== 'NotAWorkloadError') return notLoaded(module, error, by);
  return new LanewiseError('input', `The module ${nameOf(module)} is not a workload: ${error.message}.`);
}

export interface FoundStrategies {
  readonly strategies: readonly OwnStrategy[];
  /** Warnings about strategies that were left out. */
  readonly warnings: readonly Warning[];
}

/**
 * Finds the modules of custom strategies, by paths that may be patterns (`strategies/*.js`), and loads each for what it
 * declares. A strategy that needs a package which is not installed is left out with a warning.
 *
 * @throws LanewiseError for the first that is missing, does not load or is not a strategy
 */
export async function findStrategies(paths: readonly string[], how: FindOptions = {}): Promise<FoundStrategies> {
  const modules = [...new Set(paths)].flatMap((path) =>
    modulesNamed(path)
      .map((one) => locateModule(one, 'strategy'))
      .map((module) => ({ ...module, path, called: `The strategy ${module.source}` })),
  );
  const strategies: OwnStrategy[] = [];
  const warnings: Warning[] = [];
  const replies = describeModules<StrategyClaims, (typeof modules)[number]>('strategies', modules, how);
  for await (const [module, reply, by] of replies) {
    const { path, ref, source, fallbackName } = module;
    if ('claims' in reply) strategies.push({ path, ref, ...checked(reply.claims, source, fallbackName) });
    else {
      const missing = missingPackage(reply.error.message);
      if (missing === undefined) throw await notLoaded(module, reply.error, by);
      warnings.push({ kind: 'strategy-left-out', strategy: fallbackName, missing });
    }
  }
  return { strategies, warnings };
}

function checked(claims: StrategyClaims, source: string, fallbackName: string): Omit<OwnStrategy, 'path' | 'ref'> {
  if ('wrong' in claims) throw new LanewiseError('input', `The module ${source} is not a strategy: ${claims.wrong}.`);
  const { name = fallbackName.replaceAll(/[^\w.-]/g, '-'), description, lanes, keepsLanes } = claims;
  return { name, ...(description !== undefined && { description }), laneKind: lanes, keepsLanes };
}

/** Expands a path, whose last part may be a pattern. @throws LanewiseError if it matches nothing */
export function modulesNamed(path: string): readonly string[] {
  const pattern = basename(path);
  if (!/[*?[{]/.test(pattern)) return [path];
  const folder = dirname(path);
  const isMatch = picomatch(pattern);
  let names: readonly string[] = [];
  try {
    names = readdirSync(folder).filter((name) => isMatch(name) && /\.[cm]?[jt]s$/.test(extname(name)));
  } catch {
    // Reported below.
  }
  if (names.length > 0) return names.toSorted().map((name) => `${folder === '.' ? './' : ''}${join(folder, name)}`);
  throw new LanewiseError('input', `No module is named ${path}: give the path of a module that exports a strategy.`);
}

function missingPackage(message: string): string | undefined {
  return /Cannot find (?:package|module) '((?:@[^/']+\/)?[^./\\:'][^/\\:']*)/.exec(message)?.[1];
}
