import { Agent } from 'node:http';
import type { InputContext, TaskContext } from '../../workers/contract.ts';
import { defineWorkload } from '../../workers/define-workload.ts';
import { getBody } from './get.ts';

export default defineWorkload({
  name: 'http',
  bound: 'io',
  description: 'GET from an HTTP server in its own process that answers after a set latency',
  params: { latencyMs: 20 },
  tasks: 6,
  services: ['http-server'],
  input: ({ params }: InputContext) => `/?latencyMs=${Number(params.latencyMs)}`,
  setup: () => new Agent({ keepAlive: true }),
  task: async (path: string, { services, state }: TaskContext): Promise<string> =>
    (await getBody(`${services['http-server']?.url}${path}`, state as Agent)).toString(),
  teardown: (agent: Agent) => agent.destroy(),
});
