import type { InputContext, TaskContext } from '../../workers/contract.ts';
import { defineWorkload } from '../../workers/define-workload.ts';
import { openBlockingClient, type BlockingClient } from './blocking-client.ts';

export default defineWorkload({
  name: 'http-blocking',
  bound: 'io',
  description: 'the same request made synchronously inside an async function: its worker waits with it',
  params: { latencyMs: 20 },
  tasks: 6,
  services: ['http-server'],
  input: ({ params }: InputContext) => `/?latencyMs=${Number(params.latencyMs)}`,
  setup: openBlockingClient,
  task: async (path: string, { services, state }: TaskContext): Promise<string> =>
    (state as BlockingClient).get(`${services['http-server']?.url}${path}`),
  teardown: (client: BlockingClient) => client.close(),
});
