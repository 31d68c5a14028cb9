import { Agent } from 'node:http';
import { defineWorkload, type TaskContext } from '../../../workers/contract.ts';
import { getBody } from '../../../bench/io/get.ts';
import { slowdownOf } from '../twins.ts';

/** The server's timers count whole milliseconds, and 5% of this is two; what comes on top of it is little beside it. */
const LATENCY_MS = 40;

export default defineWorkload({
  name: 'io',
  bound: 'io',
  params: { twins: 'slowed' },
  tasks: 8,
  services: ['http-server'],
  setup: () => new Agent({ keepAlive: true }),
  task: async (_input: undefined, context: TaskContext): Promise<string> => {
    const { services, state } = context;
    const latencyMs = LATENCY_MS * slowdownOf(context);
    return (await getBody(`${services['http-server']?.url}/?latencyMs=${latencyMs}`, state as Agent)).toString();
  },
  teardown: (agent: Agent) => agent.destroy(),
});
