import { Agent } from 'node:http';
import type { TaskContext } from '../../../workers/contract.ts';
import { defineWorkload } from '../../../workers/define-workload.ts';
import { getBody } from '../../../bench/io/get.ts';
import { slowdownOf, spinSlowed } from '../twins.ts';

/** Server timers have whole milliseconds, and 5% of this is two; overheads are small beside it. */
const LATENCY_MS = 40;

export default defineWorkload({
  name: 'mixed',
  bound: 'mixed',
  params: { steps: 1_500_000, twins: 'slowed' },
  tasks: 8,
  services: ['http-server'],
  setup: () => new Agent({ keepAlive: true }),
  task: async (_input: undefined, context: TaskContext): Promise<string> => {
    const { params, services, state } = context;
    const slowdown = slowdownOf(context);
    const url = `${services['http-server']?.url}/?latencyMs=${LATENCY_MS * slowdown}`;
    const body = (await getBody(url, state as Agent)).toString();
    return `${body} ${spinSlowed(Number(params.steps), slowdown)}`;
  },
  teardown: (agent: Agent) => agent.destroy(),
});
