import { scryptSync } from 'node:crypto';
import type { TaskContext } from '../../workers/contract.ts';
import { defineWorkload } from '../../workers/define-workload.ts';
import { KEY_BYTES, password, type Password } from './password.ts';

export default defineWorkload({
  name: 'password-hash',
  bound: 'cpu',
  description: 'derive a key with crypto.scryptSync: native code that blocks its thread',
  params: { cost: 2048 },
  tasks: 8,
  input: password,
  task: ({ password: secret, salt }: Password, { params }: TaskContext): string =>
    scryptSync(secret, salt, KEY_BYTES, { cost: Number(params.cost) }).toString('hex'),
});
