import type { LaneAssignment, LaneError, LaneId, TaskRecord, Usage } from '../../workers/contract.ts';
import { nowNs } from '../../workers/clock.ts';
import { describeError } from '../../workers/describe-error.ts';
import { defaultExport, importModule } from '../../workers/import-module.ts';
import { leaveWorkerScope } from '../../workers/worker-scope.ts';
import { NO_USAGE } from '../../workers/usage.ts';
import { isObject } from '../../workers/value-kinds.ts';
import type { OwnStrategy } from '../model/plan.ts';
import { requireRecords, servedRecord } from './check-records.ts';
import type { BatchStrategy, OpenStrategy, StrategySettings } from './strategy.ts';

/** The default export of a custom strategy's module: it defines how a batch is run. */
export interface StrategyDefinition {
  /** Name in reports. Default: the name of its file. */
  readonly name?: string;
  readonly description?: string;
  /** Where its tasks run. */
  readonly lanes: LaneId['kind'];
  /** False: every task starts a lane of its own, and the pool size limits how many live at once. Default: true. */
  readonly keepsLanes?: boolean;
  /** Starts the lanes and waits until each has loaded the workload. */
  readonly open: (assignment: LaneAssignment, settings: StrategySettings) => Promise<OwnLanes>;
}

/** The lanes of a custom strategy: like {@link BatchStrategy}, with optional parts. */
export interface OwnLanes
  extends Pick<BatchStrategy, 'run'>, Partial<Pick<BatchStrategy, 'serve' | 'underWay' | 'processIds' | 'catchUp'>> {
  /** CPU time and so on that lanes in other processes have used since opening; omitted if lanes are threads. */
  readonly usage?: () => Promise<Usage>;
  /** Ends every thread, process and handle. May return the errors of the workload's teardowns. */
  readonly close: () => Promise<readonly LaneError[] | void>;
}

/** Returns its argument; it exists for its types. */
export function defineStrategy(definition: StrategyDefinition): StrategyDefinition {
  return definition;
}

/** The module of a custom strategy, and the facts that it declares of its lanes. */
export type OwnLanesRef = Pick<OwnStrategy, 'ref' | 'laneKind' | 'keepsLanes'>;

/** Loads the module in a host, with defaults for what its lanes omit. */
export async function openOwnStrategy({
  ref,
  laneKind,
  keepsLanes,
}: OwnLanesRef): Promise<OpenStrategy<BatchStrategy>> {
  // The host may have loaded the workload for its inputs.
  if (laneKind !== 'main') leaveWorkerScope();
  const definition = defaultExport(await importModule(ref)) as StrategyDefinition;
  return async (assignment, settings) => {
    const lanes = requireLanes(await definition.open(assignment, settings));
    const serve = lanes.serve?.bind(lanes);
    return {
      laneKind,
      keepsLanes,
      run: async (tasks, watch, whenDone) => {
        const { records, late } = await runWhole(lanes, tasks, watch, whenDone);
        if (late === 0) return records;
        throw new Error(`the strategy called whenDone before ${late} of the ${records.length} results of a batch`);
      },
      ...(serve && {
        serve: async (task) => {
          const calledNs = nowNs();
          return servedRecord(task, await serve(task), calledNs);
        },
      }),
      ...(lanes.catchUp && { catchUp: lanes.catchUp }),
      underWay: () => lanes.underWay?.() ?? [],
      usage: async () => (await lanes.usage?.()) ?? NO_USAGE,
      processIds: () => lanes.processIds?.() ?? [],
      close: async () => {
        try {
          return (await lanes.close()) ?? [];
        } catch (thrown) {
          return [describeError(thrown)];
        }
      },
    };
  };
}

/** @throws Error if they are none */
function requireLanes(lanes: OwnLanes): OwnLanes {
  if (isObject(lanes) && [lanes.run, lanes.close].every((part) => typeof part === 'function')) return lanes;
  throw new Error('`open` of the strategy must resolve to an object with the functions `run` and `close`');
}

/**
 * Runs a batch.
 *
 * @throws Error if they are not one record per task
 * @returns its records, and the number of results that came after `whenDone`: a batch that ends before them would look
 *   as fast as it likes
 */
export async function runWhole(
  lanes: Pick<OwnLanes, 'run'>,
  ...[tasks, watch, whenDone]: Parameters<OwnLanes['run']>
): Promise<{ readonly records: readonly TaskRecord[]; readonly late: number }> {
  let doneNs: number | undefined;
  const found: unknown = await lanes.run(tasks, watch, () => {
    doneNs = nowNs();
    whenDone?.();
  });
  const endNs = doneNs ?? Number.POSITIVE_INFINITY;
  // Checking records is no part of the batch.
  if (doneNs === undefined) whenDone?.();
  const records = requireRecords(tasks, found);
  return { records, late: records.filter(({ receivedNs }) => receivedNs > endNs).length };
}
