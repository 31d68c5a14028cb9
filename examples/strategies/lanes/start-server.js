import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Starts a server with a temporary folder, and waits until it prints that it is ready. It ends with this process.
 *
 * @param args makes its arguments from the folder
 * @param ready what it prints then; `found` has the match
 * @throws if it is not installed, or ends
 */
export async function startServer({ program, install, args, ready }) {
  const folder = await mkdtemp(join(tmpdir(), 'server-'));
  const child = spawn(program, args(folder), { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);
  const close = async () => {
    process.off('exit', kill);
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      kill();
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const found = await new Promise((resolve, reject) => {
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text) => {
          // To its end, or the server would wait for its reader.
          output = (output + text).slice(-10_000);
          const match = ready.exec(output);
          if (match !== null) resolve(match);
        });
      child.on('error', () => reject(new Error(`${program} is not installed: ${install}`)));
      child.on('exit', () => reject(new Error(`${program} ended: ${output}`)));
    });
    return { folder, found, close };
  } catch (error) {
    await close();
    throw error;
  }
}
