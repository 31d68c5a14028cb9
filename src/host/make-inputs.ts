/** The inputs of a cell's host, and what making them cost. */
import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import type { Transferable, WorkloadDefinition } from '../../workers/contract.ts';
import { callHookNow } from '../../workers/describe-error.ts';
import { loadWorkload } from '../../workers/load-workload.ts';
import type { StrategySettings } from '../lanes/strategy.ts';
import type { HostAssignment } from './host-protocol.ts';
import { prepareInputs, type Inputs } from './inputs.ts';
import { memoryOf } from './memory.ts';

interface MadeInputs {
  /** Undefined if the host need not load it. */
  readonly workload: WorkloadDefinition | undefined;
  readonly inputs: Inputs;
  readonly loadMs: number;
  /** Undefined if the workload was not loaded, or memory is not measured. */
  readonly hostCopyBytes?: number | undefined;
}

/** Loads the workload only if it makes its inputs, since a pool in a program would not need that extra copy. */
export async function makeInputs(assignment: HostAssignment): Promise<MadeInputs> {
  const { lane, loadsWorkload } = assignment;
  const spec = { ...assignment, params: lane.params };
  if (!loadsWorkload) return { workload: undefined, inputs: await prepareInputs(undefined, spec), loadMs: 0 };
  const bytesBefore = await memoryOf([process.pid]);
  const loadedNs = nowNs();
  const workload = await loadWorkload(lane.workload);
  const loadMs = (nowNs() - loadedNs) / NS_PER_MS;
  const inputs = await prepareInputs(workload, spec);
  const bytesAfter = await memoryOf([process.pid]);
  const isMeasured = bytesBefore !== undefined && bytesAfter !== undefined;
  const hostCopyBytes = isMeasured ? Math.max(0, bytesAfter - bytesBefore) : undefined;
  return { workload, inputs, loadMs, hostCopyBytes };
}

export function transferOf(workload: WorkloadDefinition): StrategySettings['transferOf'] {
  if (workload.transfer === undefined) return undefined;
  // Called as a method of the export, for `this`.
  const list = workload as { transfer(input: unknown): readonly Transferable[] };
  return (input) => {
    const parts: unknown = callHookNow('transfer', () => list.transfer(input));
    if (Array.isArray(parts) && !parts.some((part) => ArrayBuffer.isView(part)))
      return parts as readonly Transferable[];
    throw new TypeError('`transfer` must return a list of ArrayBuffers or MessagePorts, such as `[input.buffer]`');
  };
}
