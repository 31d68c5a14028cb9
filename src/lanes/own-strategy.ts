import type { LaneAssignment, LaneError, LaneId, Usage } from '../../workers/contract.ts';
import { describeError } from '../../workers/describe-error.ts';
import { defaultExport, importModule } from '../../workers/import-module.ts';
import { NO_USAGE } from '../../workers/usage.ts';
import type { OwnStrategy } from '../model/plan.ts';
import type { BatchStrategy, OpenStrategy, StrategySettings } from './strategy.ts';

/** A module's default export that says how a batch is run: one of the user's strategies. */
export interface StrategyDefinition {
  /** What reports call it; otherwise the name of its file. */
  readonly name?: string;
  readonly description?: string;
  /** Where its tasks run. */
  readonly lanes: LaneId['kind'];
  /** False: every task has a lane of its own, and the pool size is how many are alive at once. Default: true. */
  readonly keepsLanes?: boolean;
  /** Makes the lanes, and waits until each of them has loaded the workload. */
  readonly open: (assignment: LaneAssignment, settings: StrategySettings) => Promise<OwnLanes>;
}

/** What a strategy of the user's opens: as {@link BatchStrategy}, of which much can be left out. */
export interface OwnLanes extends Pick<BatchStrategy, 'run'>, Partial<Pick<BatchStrategy, 'underWay' | 'processIds'>> {
  /** What lanes in other processes have used since they were opened; left out where lanes are threads. */
  readonly usage?: () => Promise<Usage>;
  /** Leaves no thread, process or handle behind. May answer what the workload's teardowns threw. */
  readonly close: () => Promise<readonly LaneError[] | void>;
}

/** The identity, for its types. */
export function defineStrategy(definition: StrategyDefinition): StrategyDefinition {
  return definition;
}

/** Where the code of one is, and what it says of its lanes. */
export type OwnLanesRef = Pick<OwnStrategy, 'ref' | 'laneKind' | 'keepsLanes'>;

/** In a host: loads the module, and fills in what its lanes leave out. */
export async function openOwnStrategy({
  ref,
  laneKind,
  keepsLanes,
}: OwnLanesRef): Promise<OpenStrategy<BatchStrategy>> {
  const definition = defaultExport(await importModule(ref)) as StrategyDefinition;
  return async (assignment, settings) => {
    const lanes = await definition.open(assignment, settings);
    return {
      laneKind,
      keepsLanes,
      run: (tasks, watch) => lanes.run(tasks, watch),
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
