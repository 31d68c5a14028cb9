import { scrypt } from 'node:crypto';
import type { TaskContext } from '../../workers/contract.ts';
import { defineWorkload } from '../../workers/define-workload.ts';
import { KEY_BYTES, password, type Password } from './password.ts';

export default defineWorkload({
  name: 'password-hash-async',
  bound: 'cpu',
  description: "derive a key with crypto.scrypt: native code on libuv's own threads, parallel on the event loop",
  params: { cost: 2048 },
  tasks: 8,
  input: password,
  task: ({ password: secret, salt }: Password, { params }: TaskContext): Promise<string> =>
    new Promise((resolve, reject) => {
      scrypt(secret, salt, KEY_BYTES, { cost: Number(params.cost) }, (error, key) => {
        if (error === null) resolve(key.toString('hex'));
        else reject(error);
      });
    }),
});
