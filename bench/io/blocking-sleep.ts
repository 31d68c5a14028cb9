import type { InputContext } from '../../workers/contract.ts';
import { defineWorkload } from '../../workers/define-workload.ts';

export default defineWorkload({
  name: 'blocking-sleep',
  bound: 'io',
  description: 'a blocking wait inside an async function: nothing else in its worker can run',
  params: { ms: 10 },
  tasks: 8,
  input: ({ params }: InputContext) => Number(params.ms),
  task: async (ms: number): Promise<number> => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, ms);
    return ms;
  },
});
