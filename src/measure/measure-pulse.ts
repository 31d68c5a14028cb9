import { WINDOWS_OF_BLOCK } from '../model/arrivals.ts';
import { PULSE } from '../model/evidence.ts';
import type { Block } from '../model/plan.ts';
import { arrivalsOf, planPulse } from '../model/pulse.ts';
import type { CellHost, GroupContext } from './cell-hosts.ts';
import { ratedLoad, runWindow } from './measure-window.ts';

/** The first blocks have one; where an interruption cut it off, the next block does. */
export function hasPulse({ log: { pulses = [] } }: CellHost, index: number): boolean {
  return pulses.length < PULSE.blocks || pulses.some(({ block }) => block === index);
}

/** A block whose windows are over. */
interface PulseContext extends GroupContext {
  readonly block: Block;
  readonly index: number;
}

/** Sends a pulse of arrivals to an open host. Arrivals have the same shape for all of a block, each at its own rates. */
export async function measurePulse(context: PulseContext, { log, host }: CellHost): Promise<void> {
  const { index, block } = context;
  const load = ratedLoad(context.group);
  if (load.overload === undefined) return;
  let wallMs = 0;
  // A host is asked for at most as many batches as there are rounds.
  for (let round = 0; round < block.length; round++) wallMs += (await host.measure()).reading.wallMs;
  const capacity = ((context.group.workload.tasks * block.length) / wallMs) * 1000;
  const held = load.searched?.[log.cell.id];
  const plan = planPulse(load.overload, { capacity, held, lowest: load.rates[0] });
  const windowed = await runWindow(
    context,
    { log, host },
    { ...load, keepsRequests: true },
    {
      rate: plan.pulseRate,
      requests: arrivalsOf(plan),
      settling: 0,
      number: (index + 1) * WINDOWS_OF_BLOCK,
      pulse: plan,
    },
  );
  if (windowed === undefined) return;
  const { requests = [] } = windowed;
  const { offered, rejected, gaveUp, failed, wasted, backlog, state } = windowed.reading;
  const reading = { offered, rejected, gaveUp, failed, wasted, backlog, state };
  // A block that is measured again has a pulse again.
  const others = (log.pulses ?? []).filter((pulse) => pulse.block !== index);
  log.pulses = [...others, { block: index, plan, isHeld: held !== undefined, capacity, reading, requests }];
}
