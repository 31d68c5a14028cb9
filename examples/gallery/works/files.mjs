import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../node_modules/react-dom/cjs/', import.meta.url));
const FILES = readdirSync(FOLDER).toSorted();

const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex');

export default {
  name: 'files',
  bound: 'mixed',
  description: 'read a file of react-dom and hash it, with fs (sync) or fs/promises (async)',
  params: { api: 'async' },
  tasks: FILES.length,
  input: ({ index }) => FOLDER + FILES[index % FILES.length],
  task: async (path, { params }) => hashOf(params.api === 'sync' ? readFileSync(path) : await readFile(path)),
};
