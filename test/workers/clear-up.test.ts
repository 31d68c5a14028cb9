import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { killAllMarked, killMarked, MARK } from '../../dist/workers/clear-up.js';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

async function marked(run: string, uid?: number): Promise<ChildProcess> {
  const code = "process.stdout.write('on'); setInterval(() => undefined, 1000)";
  const child = spawn(process.execPath, ['-e', code], {
    env: { ...process.env, [MARK]: run },
    stdio: ['ignore', 'pipe', 'ignore'],
    ...(uid !== undefined && { uid }),
  });
  started.push(child);
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;

describe.runIf(process.platform === 'linux')('processes with the mark of a run', () => {
  it('are killed, however they were started, and no others', async () => {
    const [own, other] = [await marked('this-run'), await marked('this-run-too')];
    const ended = once(own, 'exit');
    killAllMarked('this-run');
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(other.exitCode ?? other.signalCode).toBeNull();
  });

  it('are spared if their process group is', async () => {
    const own = await marked('third-run');
    expect(killMarked('third-run', () => true)).toEqual([]);
    expect(own.exitCode ?? own.signalCode).toBeNull();
    expect(killMarked('third-run')).toHaveLength(1);
  });

  it.runIf(isRoot)('are not killed if they belong to another user, who may have set the mark', async () => {
    const foreign = await marked('a-run', NOBODY);
    expect(killMarked('a-run')).toEqual([]);
    await marked('a-run');
    expect(killMarked('a-run')).toHaveLength(1);
    expect(foreign.exitCode ?? foreign.signalCode).toBeNull();
  });
});
