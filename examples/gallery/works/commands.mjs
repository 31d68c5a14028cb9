import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Starts fast and is installed wherever this runs. */
const COMMAND = [process.execPath, ['--version']];

export default {
  name: 'commands',
  bound: 'mixed',
  description: 'run a short command with execFileSync (sync) or execFile (async)',
  params: { api: 'async' },
  input: () => null,
  task: async (_, { params }) =>
    (params.api === 'sync' ? execFileSync(...COMMAND) : (await run(...COMMAND)).stdout).toString().trim(),
};
