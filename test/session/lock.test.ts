import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, symlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const LOCK = new URL('../../dist/src/session/lock.js', import.meta.url).href;

interface Holder {
  readonly child: ChildProcess;
  /** The first line that it says. */
  readonly output: Promise<string>;
}

const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

/** A process that takes the lock, says what came of it, and keeps it until it is killed. */
function take(mode: string, platform: string, tmp = folder.path, waitMs?: number): Holder {
  const code = `
    Object.defineProperty(process, 'platform', { value: ${JSON.stringify(platform)} });
    const { takeLock } = await import(${JSON.stringify(LOCK)});
    const onWait = (holder) => console.log('waiting for ' + (holder ? holder.pid + ' since ' + holder.since : 'nobody knows'));
    try {
      const { isShared, release } = await takeLock({ mode: ${JSON.stringify(mode)}, waitMs: ${waitMs}, onWait, note: console.log });
      process.on('SIGTERM', () => { release(); process.exit(); });
      console.log(isShared ? 'shared' : 'taken');
      setInterval(() => undefined, 1000);
    } catch (thrown) { console.log(thrown.message) }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, TMPDIR: tmp, TMP: tmp, TEMP: tmp, XDG_RUNTIME_DIR: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const output = once(child.stdout, 'data').then(([data]) => String(data).trim());
  return { child, output };
}

/** The name that is no file besides the file, and the file alone that other systems have. */
const platforms = process.platform === 'linux' ? ['linux', 'darwin'] : [process.platform];

describe.each(platforms)('the lock on %s', (platform) => {
  it('the lock is held by one process, shared with --no-lock, and free once that process is killed', async () => {
    const first = take('refuse', platform);
    expect(await first.output).toBe('taken');
    expect(await take('refuse', platform).output).toMatch(
      new RegExp(`^Another Lanewise is measuring on this machine \\(process ${first.child.pid}, since `),
    );
    expect(await take('ignore', platform).output).toBe('shared');
    const third = take('wait', platform);
    expect(await third.output).toContain(`waiting for ${first.child.pid} since 2`);
    const taken = once(third.child.stdout ?? third.child, 'data');
    first.child.kill('SIGKILL');
    expect(String(await taken).trim()).toBe('taken');
    third.child.kill('SIGKILL');
    await once(third.child, 'exit');
    expect(await take('refuse', platform).output).toBe('taken');
  });

  it('the lock is waited for no longer than --wait allows', async () => {
    const first = take('refuse', platform);
    await first.output;
    const second = take('wait', platform, folder.path, 500);
    await second.output;
    const [data] = (await once(second.child.stdout ?? second.child, 'data')) as [Buffer];
    expect(String(data)).toMatch(
      new RegExp(
        `^Another Lanewise \\(process ${first.child.pid}, since [^)]*\\) is still measuring\\. Give a longer --wait, or --no-lock`,
      ),
    );
  });

  it('the lock has a separate name for each temporary folder, even with a long path', async () => {
    const deep = join(folder.path, 'x'.repeat(120));
    await mkdir(deep, { recursive: true });
    const [here, there] = [take('refuse', platform), take('refuse', platform, deep)];
    expect(await Promise.all([here.output, there.output])).toEqual(['taken', 'taken']);
    // Released, so that no file is left.
    there.child.kill('SIGTERM');
    await once(there.child, 'exit');
  });

  it('the lock goes to exactly one of the processes that ask at once, even if a killed one left its socket', async () => {
    const first = take('refuse', platform);
    await first.output;
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const output = await Promise.all(Array.from({ length: 5 }, () => take('refuse', platform).output));
    expect(output.filter((text) => text === 'taken')).toHaveLength(1);
    expect(output.filter((text) => text.startsWith('Another Lanewise'))).toHaveLength(4);
  });
});

describe('the lock in one process', () => {
  /** A process whose second measurement asks while the first one has the lock. */
  function both(mode: string): Promise<string> {
    const code = `
      const { takeLock } = await import(${JSON.stringify(LOCK)});
      const first = await takeLock({ mode: 'refuse', isCode: true });
      const second = takeLock({ mode: ${JSON.stringify(mode)}, isCode: true }).then(
        ({ isShared, release }) => { release(); return isShared ? 'shared' : 'taken'; },
        (thrown) => thrown.message);
      const early = await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 300, 'waiting'))]);
      first.release();
      console.log(early + ', then ' + await second);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      env: { ...process.env, TMPDIR: folder.path, TMP: folder.path, TEMP: folder.path, XDG_RUNTIME_DIR: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.add(child);
    return once(child.stdout, 'data').then(([data]) => String(data).trim());
  }

  it('is refused to a second measurement, which would disturb the first', async () => {
    expect(await both('refuse')).toMatch(
      /^Another measurement of this program is running, .* give lock: 'wait'\., then /,
    );
  });

  it('is waited for, and shared by one that is to measure anyway', async () => {
    expect(await both('wait')).toBe('waiting, then taken');
    expect(await both('ignore')).toBe('shared, then shared');
  });
});

const ownName = (tmp: string): string => `lanewise-${createHash('sha256').update(tmp).digest('hex').slice(0, 16)}`;

it.skipIf(process.platform === 'win32')(
  'the lock is never in a folder that is a link, or that others can write to',
  async () => {
    const uid = process.getuid?.();
    for (const squat of [
      (path: string) => mkdir(path).then(() => chmod(path, 0o777)),
      async (path: string) => symlink(await mkdtemp(join(folder.path, 'target-')), path),
    ]) {
      const tmp = await mkdtemp(join(folder.path, 'tmp-'));
      const path = join(tmp, `lanewise-lock-${uid}`);
      await squat(path);
      const holder = take('refuse', 'darwin', tmp);
      expect(await holder.output).toBe('taken');
      expect(await readdir(path)).toEqual([]);
      holder.child.kill('SIGTERM');
      await once(holder.child, 'exit');
    }
  },
);

it.runIf(process.platform === 'linux')('a holder with too many visitors to answer keeps the lock', async () => {
  const tmp = await mkdtemp(join(folder.path, 'tmp-'));
  const own = join(tmp, `lanewise-lock-${process.getuid?.()}`);
  await mkdir(own, { mode: 0o700 });
  const path = join(own, `${ownName(tmp)}.lock`);
  const listen = `require('node:net').createServer().listen({ path: ${JSON.stringify(path)}, backlog: 1 }, () => console.log('listening'))`;
  const holder = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(holder);
  await once(holder.stdout, 'data');
  holder.kill('SIGSTOP');
  const sockets: Socket[] = [];
  const visit = (): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(path, () => resolve('connected')).on('error', ({ message }) => resolve(message));
      sockets.push(socket);
    });
  let last = 'connected';
  for (let visits = 0; visits < 20 && last === 'connected'; visits++) last = await visit();
  expect(last).toContain('EAGAIN');
  expect(await take('refuse', 'darwin', tmp).output).toMatch(/^Another Lanewise is measuring/);
  expect(await readdir(own)).toEqual([`${ownName(tmp)}.lock`]);
  for (const socket of sockets) socket.destroy();
});

describe.runIf(process.platform === 'linux')('the public name of the lock', () => {
  const servers = new Set<Server>();
  afterEach(() => {
    for (const server of servers) server.close();
    servers.clear();
  });

  async function squat(onConnection: (socket: Socket) => void): Promise<string> {
    const tmp = await mkdtemp(join(folder.path, 'tmp-'));
    const server = createServer((socket) => {
      socket.on('error', () => undefined).unref();
      onConnection(socket);
    });
    servers.add(server);
    server.listen(`\0${ownName(tmp)}`);
    await once(server, 'listening');
    return tmp;
  }

  const flood = (socket: Socket): void => {
    const write = (): void => {
      while (!socket.destroyed && socket.write('x'.repeat(65_536)));
    };
    socket.on('drain', write);
    write();
  };
  const spoof = (socket: Socket): void =>
    void socket.write(`${JSON.stringify({ pid: 1, since: '2026-01-01 (\u202eevil, run rm -rf ~ to fix)' })}\n`);

  it.each([
    ['says nothing', () => undefined],
    ['hangs up', (socket: Socket) => void socket.destroy()],
    ['floods', flood],
    ['puts words into a date', spoof],
    ['sends an invalid pid', (socket: Socket) => void socket.write('{"pid":"rm -rf ~","since":"2026-01-01"}\n')],
  ])('a stranger at the public name of the lock who %s causes only a warning', async (_name, listener) => {
    const tmp = await squat(listener);
    const beganMs = performance.now();
    const first = take('refuse', 'linux', tmp);
    expect(await first.output).toBe('shared');
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const waiting = take('wait', 'linux', tmp, 1500);
    let output = '';
    waiting.child.stdout?.on('data', (data) => (output += String(data)));
    await expect
      .poll(() => output, { timeout: 15_000 })
      .toMatch(/^waiting for (?:nobody knows|1 since 20\d\d-\d\d-\d\dT[\d:.]+Z)\nshared\n$/);
    expect(performance.now() - beganMs).toBeLessThan(20_000);
  });

  it('the public name of the lock serves few visitors at once, and none that connects again and again', async () => {
    const tmp = await mkdtemp(join(folder.path, 'tmp-'));
    const { output } = take('refuse', 'linux', tmp);
    expect(await output).toBe('taken');
    const sockets = Array.from({ length: 300 }, () => connect(`\0${ownName(tmp)}`).on('error', () => undefined));
    await expect.poll(() => sockets.filter(({ closed }) => !closed).length, { timeout: 5000 }).toBe(64);
    for (const socket of sockets) socket.destroy();
    const visit = async (): Promise<string | undefined> => {
      const socket = connect(`\0${ownName(tmp)}`);
      const [thrown] = await Promise.race([once(socket, 'connect'), once(socket, 'error')]).catch((error) => [error]);
      socket.on('error', () => undefined).destroy();
      return (thrown as NodeJS.ErrnoException | undefined)?.code;
    };
    let last: string | undefined;
    for (let visits = 0; visits < 3000 && last !== 'ECONNREFUSED'; visits++) last = await visit();
    expect(last).toBe('ECONNREFUSED');
  });
});
