import bcrypt from 'bcrypt';

/** One salt, so that the hashes are the same in every configuration; a real one is random. */
const SALT = 'abcdefghijklmnopqrstuu';

export default {
  name: 'bcrypt',
  bound: 'cpu',
  description: 'hash a password with bcrypt, on the calling thread (sync) or on libuv’s threads (async)',
  // Each step doubles the time of a hash; real ones have 10 or more.
  params: { api: 'async', cost: 8 },
  input: ({ index }) => `correct horse ${index}`,
  task: (password, { params }) => {
    const salt = `$2b$${String(params.cost).padStart(2, '0')}$${SALT}`;
    return params.api === 'sync' ? bcrypt.hashSync(password, salt) : bcrypt.hash(password, salt);
  },
};
