/** The effect of a pool on its program, and what remains when that is killed: each in a separate process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { processesWith } from '../../dist/scripts/reliability/processes.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const POOL = new URL('../../dist/src/pool.js', import.meta.url).href;
const mark = `LANEWISE_POOL_TEST=${randomUUID()}`;
const started = new Set<ChildProcess>();
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
});

/** Runs a program that has a pool of two processes in `pool`. */
async function program(body: string, worker: string, nodeOptions = ''): Promise<ChildProcess> {
  const name = randomUUID();
  await folder.file(`${name}-worker.mjs`, worker);
  const file = await folder.file(
    `${name}.mjs`,
    `import { ProcessPool } from ${JSON.stringify(POOL)};
     const pool = new ProcessPool({ filename: new URL('./${name}-worker.mjs', import.meta.url), processes: 2 });
     ${body}`,
  );
  const [variable = '', value] = mark.split('=');
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, [variable]: value, NODE_OPTIONS: nodeOptions },
    stdio: ['ignore', 'pipe', nodeOptions === '' ? 'inherit' : 'ignore'],
  });
  started.add(child);
  return child;
}

const exitOf = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal));
  });

async function lineOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) return '';
  for await (const line of createInterface({ input: stdout })) return line;
  return '';
}

const ECHO = 'export default (input) => input;';

it('a debugged program keeps the debugger’s port for itself', async () => {
  // A port that is free now, since with port 0 each process would get another one.
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const body = 'console.log(await pool.run(4)); await pool.destroy();';
  const child = await program(body, ECHO, `--inspect=127.0.0.1:${port}`);
  expect(await lineOf(child)).toBe('4');
});

describe('a program with a pool', () => {
  it.each([
    ['that nobody uses', ''],
    ['that is idle', 'await pool.run(1);'],
    ['that it waits for', 'await pool.ready; await pool.ready;'],
    ['that it destroys', 'await pool.run(1); await pool.destroy();'],
    ['that it closes', 'await pool.run(1); await pool.close();'],
  ])('%s ends by itself, and no process is left', async (_what, body) => {
    const exited = await exitOf(await program(`${body} console.log('end');`, ECHO));
    expect(exited).toBe(0);
    await expect.poll(() => processesWith(mark), { timeout: 10_000 }).toEqual([]);
  });

  it.each([
    ['running', 'pool.run(1).catch(() => 1);'],
    ['queued and running', 'for (let n = 0; n < 5; n++) pool.run(n).catch(() => 1);'],
    ['running, and close() waits for it', 'pool.run(1).catch(() => 1); pool.close();'],
  ])('goes on after `await pool.destroy()`, with nothing else to wait for, while a task is %s', async (_what, body) => {
    const worker = 'export default () => new Promise(() => setInterval(() => 1, 1000));';
    const child = await program(`await pool.ready; ${body} await pool.destroy(); console.log('destroyed');`, worker);
    const line = lineOf(child);
    expect(await exitOf(child)).toBe(0);
    expect(await line).toBe('destroyed');
  });

  it('is kept alive by its tasks, even those that wait for a new process', async () => {
    const worker = 'export default (how) => (how === 1 ? process.exit(1) : how);';
    const child = await program(
      `const all = [1, 1, 1, 2].map((how) => pool.run(how).catch(({ code }) => code));
       console.log((await Promise.all(all)).join());`,
      worker,
    );
    const line = lineOf(child);
    expect(await exitOf(child)).toBe(0);
    expect(await line).toBe('ERR_POOL_CHILD_ENDED,ERR_POOL_CHILD_ENDED,ERR_POOL_CHILD_ENDED,2');
  });

  it('that throws while tasks run in infinite loops leaves no process', async () => {
    const child = await program(
      `await pool.ready; pool.run(0); pool.run(0); setTimeout(() => { process.exit(9); }, 300);`,
      'export default () => { for (;;); };',
    );
    expect(await exitOf(child)).toBe(9);
    await expect.poll(() => processesWith(mark), { timeout: 10_000 }).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'that is killed leaves no process, not even those that tasks have started',
    async () => {
      const child = await program(
        `await pool.run(0); await pool.run(0); console.log('started');
       setInterval(() => {}, 1000);`,
        `import { spawn } from 'node:child_process';
       export default () => void spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });`,
      );
      expect(await lineOf(child)).toBe('started');
      expect(processesWith(mark).length).toBeGreaterThanOrEqual(4);
      child.kill('SIGKILL');
      await exitOf(child);
      await expect.poll(() => processesWith(mark), { timeout: 10_000 }).toEqual([]);
    },
  );

  // The guard is involved once a task has been running at two looks, 5 s apart.
  it.runIf(process.platform === 'linux')('that is killed leaves no task in an infinite loop', async () => {
    const child = await program(
      `await pool.ready; pool.run(0); pool.run(0); setTimeout(() => console.log('looped'), 11_000);`,
      'export default () => { for (;;); };',
    );
    expect(await lineOf(child)).toBe('looped');
    child.kill('SIGKILL');
    await exitOf(child);
    await expect.poll(() => processesWith(mark), { timeout: 10_000 }).toEqual([]);
  });
});
