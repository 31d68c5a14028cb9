import { begin } from '../../src/system/surroundings.ts';
import { readEnvironment } from '../../src/measure/environment.ts';
import { findWorkloads } from '../../src/measure/find-modules.ts';
import { LibrarySession } from '../../src/session/library.ts';
import type { PlannedCell } from '../../src/model/plan.ts';
import type { MeasuredCell } from '../../src/model/results.ts';
import { orderBlocks } from '../../src/plan/cells.ts';
import { byName } from '../../src/model/asked-strategy.ts';
import { nameStrategies, resolveRequest, type RunRequest } from '../../src/plan/resolve.ts';
import { planRun } from '../../src/plan/plan.ts';
import { selectWorkloads } from '../../src/plan/select-workloads.ts';
import { carriedOut } from '../../src/flow/stages.ts';

/**
 * Measures two configurations in new blocks, so that neither was chosen for being lucky in these.
 *
 * @returns both, in the same order
 * @throws Error if one of them fails
 */
export async function measureTwo(
  request: RunRequest,
  [first, second]: readonly [MeasuredCell, MeasuredCell],
  seed: number,
): Promise<readonly [MeasuredCell, MeasuredCell]> {
  const environment = readEnvironment();
  const asked = { ...request, strategies: byName('event-loop'), upperBoundLanes: [] };
  const resolved = nameStrategies(resolveRequest(asked, environment), []);
  const plan = planRun(await findWorkloads(selectWorkloads(resolved.workloads)), resolved, seed, {
    ...environment,
    runtimes: [],
    ownStrategies: [],
  });
  const cells = [configurationOf(first), configurationOf(second)];
  const { blocks, rounds } = plan.options;
  const groups = plan.groups.map((group) => ({
    ...group,
    cells,
    baseline: second.id,
    blocks: orderBlocks(cells, blocks, rounds, seed),
  }));
  const session = new LibrarySession(undefined, { lock: 'wait' });
  try {
    await session.lock();
    const stage = { plan: { ...plan, groups }, began: begin() };
    const measured = await carriedOut(stage, environment.cores, session);
    return [cellIn(measured.cells, first.id), cellIn(measured.cells, second.id)];
  } finally {
    await session.close();
  }
}

function configurationOf({ id, strategy, poolSize, concurrency, uvThreads }: MeasuredCell): PlannedCell {
  return { id, strategy, poolSize, concurrency, ...(uvThreads !== undefined && { uvThreads }) };
}

function cellIn(cells: Awaited<ReturnType<typeof carriedOut>>['cells'], id: string): MeasuredCell {
  const cell = cells.find((one) => one.id === id);
  if (cell?.status === 'ok') return cell;
  throw new Error(`${id} failed`);
}
