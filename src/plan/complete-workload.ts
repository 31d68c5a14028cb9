import { WORKLOAD_FIELDS } from '../../workers/contract.ts';
import type { WorkloadClaims } from '../../workers/claims.ts';
import { LanewiseError, didYouMean } from '../model/errors.ts';
import { MOST_TASKS } from '../model/evidence.ts';
import { isVisible, visible } from '../model/text.ts';
import type { FoundWorkload, MeasuredBound, Workload } from '../model/plan.ts';
import type { ResolvedRequest } from './resolve.ts';

const DEFAULT_TASKS = 16;
/** A batch of long tasks has fewer of them, so that it takes no longer than this one by one, ms. */
const LONGEST_BATCH_MS = { cpu: 4000, other: 10_000 };
/** Tasks for each worker of the largest pool at least: of tasks that wait, several run at once in one. */
const LEAST_TASKS = { cpu: 1, other: 2 };
/** The name is part of the id of every cell. */
const LONGEST_NAME = 300;

/** Services that Lanewise can start. */
const SERVICES: readonly string[] = ['http-server'];

/** Checks the declarations of a module and fills in defaults. */
export function completeWorkload(
  { ref, source, fallbackName, claims, measuredBound, measuredTaskMs, plannedTasks }: FoundWorkload,
  asked: Pick<ResolvedRequest, 'tasks' | 'inputs' | 'options' | 'strategies' | 'machines'>,
): Workload {
  const { inputs } = asked;
  const name = claims.name ?? visible(fallbackName);
  const wrong = wrongClaim(claims);
  if (wrong !== undefined) throw new LanewiseError('input', `The workload ${source}: ${wrong}.`);
  const [field] = claims.unknownFields;
  if (field !== undefined) {
    throw new LanewiseError(
      'input',
      `The workload ${source} has an unknown field \`${field}\`.${didYouMean(field, WORKLOAD_FIELDS)}`,
    );
  }
  if (inputs !== undefined && !claims.takesInput) {
    throw new LanewiseError(
      'usage',
      `Invalid --input or --inputs: the workload ${name} makes its own inputs${Object.keys(claims.params).length > 0 ? `; it takes --param ${Object.keys(claims.params).join(', ')}` : ''}.`,
    );
  }
  return {
    name,
    ...boundOf(claims, measuredBound),
    source,
    ref,
    params: claims.params,
    tasks:
      givenTasks({ claims }, asked) ??
      plannedTasks ??
      fewerIfLong(DEFAULT_TASKS, claims.bound ?? measuredBound, measuredTaskMs, mostWorkers(asked)),
    tasksAreFixed: asked.tasks !== undefined,
    hostLoadsIt: !claims.takesInput || claims.transfers,
    services: claims.services,
    claims,
    ...(inputs !== undefined && { inputs }),
    ...(measuredTaskMs !== undefined && { taskMs: measuredTaskMs }),
  };
}

/** Tasks of a batch that do not depend on how long they take: of the request, or of the module; undefined: neither. */
export function givenTasks(
  { claims }: Pick<FoundWorkload, 'claims'>,
  { tasks, inputs = [] }: Pick<ResolvedRequest, 'tasks' | 'inputs'>,
): number | undefined {
  // A single input is for every task.
  return tasks ?? (inputs.length > 1 ? inputs.length : claims.tasks);
}

/** Workers of the largest pool that may be measured. */
function mostWorkers({
  options: { poolSizes },
  strategies,
  machines = [],
}: Pick<ResolvedRequest, 'options' | 'strategies' | 'machines'>): number {
  const given = strategies.flatMap((asked) => (asked.kind === 'configuration' ? asked.configuration.poolSize : []));
  return Math.max(...poolSizes, ...given) * (Math.max(0, ...machines) + 1);
}

/** So many tasks, or half, a quarter or less of them where they are long. */
export function fewerIfLong(most: number, bound: MeasuredBound | undefined, taskMs = 0, workers: number): number {
  const kind = bound === 'cpu' ? 'cpu' : 'other';
  const least = LEAST_TASKS[kind] * Math.max(2, workers);
  let tasks = most;
  while (tasks / 2 >= least && tasks * taskMs > LONGEST_BATCH_MS[kind]) tasks /= 2;
  return tasks;
}

/** Unknown work is treated as work that may wait. */
function boundOf(claims: WorkloadClaims, measured: MeasuredBound = 'unknown'): Pick<Workload, 'bound' | 'boundIs'> {
  if (claims.bound !== undefined) return { bound: claims.bound, boundIs: 'claimed' };
  return measured === 'unknown' ? { bound: 'mixed', boundIs: 'unknown' } : { bound: measured, boundIs: 'measured' };
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && name.length > 0 && name.length <= LONGEST_NAME && isVisible(name);
}

/** Fields of a user's module can be anything. */
type Unchecked = { readonly [Field in keyof WorkloadClaims]: unknown };

function wrongClaim({ name, bound, tasks, services, params }: Unchecked): string | undefined {
  if (name !== undefined && !isName(name))
    return `\`name\` must be a text of 1 to ${LONGEST_NAME} characters on one line, all of them visible`;
  if (bound !== undefined && bound !== 'cpu' && bound !== 'io' && bound !== 'mixed')
    return "`bound` must be 'cpu', 'io' or 'mixed'";
  if (tasks !== undefined && !(Number.isSafeInteger(tasks) && Number(tasks) > 0 && Number(tasks) <= MOST_TASKS))
    return `\`tasks\` must be a whole number from 1 to ${MOST_TASKS}`;
  if (typeof params !== 'object' || params === null || Array.isArray(params))
    return '`params` must be an object of default values';
  if (!Array.isArray(services)) return '`services` must be a list of names';
  const unknown: unknown = services.find((service) => !SERVICES.includes(String(service)));
  return unknown === undefined ? undefined : `unknown service ${JSON.stringify(unknown)}; use ${SERVICES.join(', ')}`;
}
