import { Agent } from 'node:http';
import type { TaskContext } from '../../../workers/contract.ts';
import { defineWorkload } from '../../../workers/define-workload.ts';
import { getBody } from '../../../bench/io/get.ts';
import { slowdownOf } from '../twins.ts';

/** Server timers have whole milliseconds, and 5% of this is two. */
const LATENCY_MS = 40;
/** A request adds milliseconds to a batch, whatever it waits for: twice the work reads 3% low at 40 ms, 1% at this. */
const LATENCY_OF_EFFECTS_MS = 200;

export default defineWorkload({
  name: 'io',
  bound: 'io',
  params: { twins: 'slowed' },
  tasks: 8,
  services: ['http-server'],
  setup: () => new Agent({ keepAlive: true }),
  task: async (_input: undefined, context: TaskContext): Promise<string> => {
    const { services, state } = context;
    const latencyMs = (context.params.twins === 'effects' ? LATENCY_OF_EFFECTS_MS : LATENCY_MS) * slowdownOf(context);
    return (await getBody(`${services['http-server']?.url}/?latencyMs=${latencyMs}`, state as Agent)).toString();
  },
  teardown: (agent: Agent) => agent.destroy(),
});
