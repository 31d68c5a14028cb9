import { joinMachines } from '../measure/join-machines.ts';
import { LanewiseError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Follower } from './session.ts';

/**
 * Waits for the machines that a plan needs. `leave` ends their part.
 *
 * @throws LanewiseError if they do not come, or the run cannot be spread
 */
export async function withMachines(
  plan: Plan,
  insecure: boolean | undefined,
  { say }: Follower,
): Promise<{ readonly plan: Plan; readonly leave: () => Promise<void> }> {
  const { queue, options } = plan;
  if (queue?.url === undefined)
    throw new LanewiseError('internal', 'Machines cannot join without the server of a queue.');
  if (say === undefined) throw new LanewiseError('usage', 'Machines can join a run of the command line only.');
  const { machines: joined, close } = await joinMachines(plan, { url: queue.url, insecure, say });
  const asKept = options.queue && { ...options.queue, joined: [...joined.machines] };
  return {
    plan: { ...plan, queue: { ...queue, joined }, options: { ...options, ...(asKept && { queue: asKept }) } },
    leave: close,
  };
}
