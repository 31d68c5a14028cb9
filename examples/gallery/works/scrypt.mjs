import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const hash = promisify(scrypt);

export default {
  name: 'scrypt',
  bound: 'cpu',
  description: 'hash a password with crypto.scrypt, which runs on libuv’s threads',
  params: { cost: 4096 },
  input: ({ index }) => `correct horse ${index}`,
  task: async (password, { params }) => (await hash(password, 'a salt', 32, { N: params.cost })).toString('hex'),
};
