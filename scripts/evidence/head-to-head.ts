import { readEnvironment } from '../../src/measure/environment.ts';
import { findWorkloads } from '../../src/measure/find-workloads.ts';
import { takeLock } from '../../src/session/lock.ts';
import type { Observer } from '../../src/measure/observer.ts';
import type { PlannedCell } from '../../src/model/plan.ts';
import type { MeasuredCell } from '../../src/model/results.ts';
import { orderBlocks } from '../../src/plan/order.ts';
import { planRun } from '../../src/plan/plan.ts';
import { resolveRequest, type RunRequest } from '../../src/options/request.ts';
import { selectWorkloads } from '../../src/plan/select-workloads.ts';
import { carryOut } from '../../src/flow/run.ts';

/** Nobody watches, and nobody interrupts. */
const NOBODY: Observer = {
  signal: new AbortController().signal,
  measured: () => undefined,
  blockDone: () => undefined,
  groupDone: () => undefined,
};

/**
 * Two settings alone, in blocks of their own: neither has been chosen for what is measured here.
 *
 * @returns both, in the same order
 * @throws Error if one of them fails
 */
export async function measureTwo(
  request: RunRequest,
  [first, second]: readonly [MeasuredCell, MeasuredCell],
  seed: number,
): Promise<readonly [MeasuredCell, MeasuredCell]> {
  const environment = await readEnvironment();
  const resolved = resolveRequest({ ...request, strategy: ['event-loop'], ceilingLanes: [] }, environment);
  const plan = planRun(await findWorkloads(selectWorkloads(resolved.workloads)), resolved, seed, environment);
  const cells = [settingOf(first), settingOf(second)];
  const { blocks, rounds } = plan.options;
  const groups = plan.groups.map((group) => ({
    ...group,
    cells,
    baseline: second.id,
    blocks: orderBlocks(cells, blocks, rounds, seed),
  }));
  const lock = await takeLock({ mode: 'wait', onWait: () => undefined });
  try {
    const measured = await carryOut({ ...plan, groups }, environment.cores, NOBODY);
    return [cellIn(measured.cells, first.id), cellIn(measured.cells, second.id)];
  } finally {
    lock.release();
  }
}

function settingOf({ id, strategy, poolSize, inFlight, uvThreads }: MeasuredCell): PlannedCell {
  return { id, strategy, poolSize, inFlight, ...(uvThreads !== undefined && { uvThreads }) };
}

function cellIn(cells: Awaited<ReturnType<typeof carryOut>>['cells'], id: string): MeasuredCell {
  const cell = cells.find((one) => one.id === id);
  if (cell?.status === 'ok') return cell;
  throw new Error(`${id} failed`);
}
