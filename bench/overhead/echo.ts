import type { InputContext } from '../../workers/contract.ts';
import { defineWorkload } from '../../workers/define-workload.ts';

export default defineWorkload({
  name: 'echo',
  bound: 'cpu',
  description: 'return the input: the cost of carrying `bytes` of payload there and back',
  params: { bytes: 65_536 },
  tasks: 100,
  input: ({ index, params }: InputContext): Uint8Array => new Uint8Array(Number(params.bytes)).fill(index),
  task: (payload: Uint8Array): Uint8Array => payload,
  // All bytes of a payload are equal; reading each of them would be most of the work.
  digest: (payload: Uint8Array) => [payload.byteLength, payload[0], payload.at(-1)],
});
