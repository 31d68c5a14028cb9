import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import type { InputContext, TaskContext } from '../../workers/contract.ts';
import { defineWorkload } from '../../workers/define-workload.ts';
import { getBody } from '../io/get.ts';

interface Document {
  readonly items: readonly {
    readonly id: number;
    readonly name: string;
    readonly price: number;
    readonly tags: readonly string[];
  }[];
}

export default defineWorkload({
  name: 'fetch-and-parse',
  bound: 'mixed',
  description: 'GET a JSON document, parse it and hash its items; `passes` sets the share of CPU',
  params: { latencyMs: 10, bytes: 65_536, passes: 3 },
  // Six take about 20 ms in two workers, so that some runs would double them and others not.
  tasks: 8,
  services: ['http-server'],
  input: ({ params }: InputContext) => `/document?latencyMs=${Number(params.latencyMs)}&bytes=${Number(params.bytes)}`,
  setup: () => new Agent({ keepAlive: true }),
  task: async (path: string, { params, services, state }: TaskContext): Promise<string> => {
    const text = (await getBody(`${services['http-server']?.url}${path}`, state as Agent)).toString();
    const hash = createHash('sha256');
    for (let pass = 0; pass < Number(params.passes); pass++) {
      const { items } = JSON.parse(text) as Document;
      for (const { id, name, price, tags } of items) hash.update(`${pass} ${id} ${name} ${price} ${tags.join(',')}\n`);
    }
    return hash.digest('hex');
  },
  teardown: (agent: Agent) => agent.destroy(),
});
