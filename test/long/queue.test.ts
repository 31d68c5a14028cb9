/** The command with the strategy bullmq, on a server of its own and on the user's. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import type { Redis as RedisClient } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/index.js';
import { startQueueServer, type QueueServer } from '../../dist/src/queue/queue-server.js';
import { lanewise, startLanewise } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const { Redis } = createRequire(import.meta.url)('ioredis') as { readonly Redis: typeof RedisClient };

const LEAST = ['-n', '4', '-p', '1', '--blocks', '7', '--rounds', '1', '--preset', 'quick', '--no-lock'];
/** Enough where nothing is compared. */
const ONE_BLOCK = [...LEAST, '--blocks', '1'];
const WITH_QUEUE = ['run', 'noop', '-s', 'event-loop,bullmq', ...LEAST];
/** A busy machine starts a run in half a minute. */
const SOON = { timeout: 100_000 };
const folder = useTempFolder();
const server = await startQueueServer('redis').catch(() => undefined);

afterAll(() => server?.close());

it.each([
  [['--queue-server', 'redis'], '--queue-server'],
  [['--queue-url', 'redis://127.0.0.1:1'], '--queue-url'],
])('a server that no strategy uses is a warning: %s', async (flags, option) => {
  const args = ['run', 'noop', '-s', 'event-loop', ...flags, ...ONE_BLOCK, '--json', '--quiet'];
  const { stdout } = await lanewise(args, { cwd: folder.path, env: { LANEWISE_QUEUE_URL: 'redis://127.0.0.1:1' } });
  const { warnings } = JSON.parse(stdout) as Results;
  expect(warnings.filter(({ kind }) => kind === 'server-not-used')).toEqual([{ kind: 'server-not-used', option }]);
});

interface Program {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** Tells it from a later program with its number. */
  readonly startedAt: string;
}

/** The programs of this machine. */
function programs(): readonly Program[] {
  return readdirSync('/proc').flatMap((pid): readonly Program[] => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return [{ pid: Number(pid), parent: Number(fields[1]), command, startedAt: fields[19] ?? '' }];
    } catch {
      return [];
    }
  });
}

/** What a program has started, and what those have. */
function startedBy(pid: number): readonly Program[] {
  const all = programs();
  const below = (parent: number): readonly Program[] =>
    all.flatMap((program) => (program.parent === parent ? [program, ...below(program.pid)] : []));
  return below(pid);
}

describe.skipIf(server === undefined)('the strategy bullmq', () => {
  it('is measured on a server of its own without any flag', async () => {
    const args = ['run', 'noop', '-s', 'bullmq', ...ONE_BLOCK, '--json', '--quiet'];
    const { status, stdout } = await lanewise(args, { cwd: folder.path });
    expect(status).toBe(0);
    const { cells, options } = JSON.parse(stdout) as Results;
    expect(cells.map(({ strategy, status: outcome }) => [strategy, outcome])).toEqual([['bullmq', 'ok']]);
    expect(options.queue).toMatchObject({ isOwn: true });
  });

  it.runIf(process.platform === 'linux').each([
    ['redis', /^redis-server|\/redis-server/],
    ['postgres', /\/postgres -D/],
  ] as const)('leaves no process and no folder of its own server if it is killed: %s', async (kind, name) => {
    const child = startLanewise([...WITH_QUEUE, '--queue-server', kind, '--out', `killed ${kind}`], {
      cwd: folder.path,
    });
    const ended = new Promise((resolve) => {
      child.on('exit', resolve);
    });
    let started: readonly Program[] = [];
    await expect
      .poll(() => {
        started = startedBy(child.pid ?? Number.NaN);
        return (
          started.some(({ command }) => name.test(command)) && started.some(({ command }) => /host\.cjs/.test(command))
        );
      }, SOON)
      .toBe(true);
    child.kill('SIGKILL');
    await ended;
    const left = (): readonly Program[] =>
      programs().filter(({ pid, startedAt }) =>
        started.some((program) => program.pid === pid && program.startedAt === startedAt),
      );
    await expect.poll(left, SOON).toEqual([]);
    const folders = new Set(started.flatMap(({ command }) => /\/\S*\/lanewise-[a-z]+-\w+/.exec(command) ?? []));
    await expect.poll(() => [...folders].filter((path) => existsSync(path)), SOON).toEqual([]);
  });

  describe('on your server', () => {
    const { url = '' } = server ?? ({} as Partial<QueueServer>);
    const password = new URL(url === '' ? 'redis://:none@localhost' : url).password;
    const keys = async (): Promise<readonly string[]> => {
      const client = new Redis(url);
      try {
        return await client.keys('*');
      } finally {
        client.disconnect();
      }
    };
    let written = '';

    beforeAll(async () => {
      const args = ['run', 'noop', '-s', 'bullmq', ...ONE_BLOCK, '--queue-url', url, '--out', 'kept'];
      const { status, stdout, stderr } = await lanewise(args, { cwd: folder.path });
      if (status !== 0) throw new Error(stderr);
      const kept = join(folder.path, 'kept');
      written = [stdout, stderr, ...readdirSync(kept).map((name) => readFileSync(join(kept, name), 'utf8'))].join('\n');
    }, 120_000);

    it('is measured without its address in any output, result or journal', () => {
      expect(written).toContain('"isOwn": false');
      expect(written).not.toContain(password);
      expect(written).not.toContain(new URL(url).port);
    });

    it('leaves no key behind, even if it is interrupted', async () => {
      expect(await keys()).toEqual([]);
      const child = startLanewise([...WITH_QUEUE, '--out', 'ended'], {
        cwd: folder.path,
        env: { LANEWISE_QUEUE_URL: url },
      });
      const ended = new Promise((resolve) => {
        child.on('exit', resolve);
      });
      await expect.poll(keys, SOON).not.toEqual([]);
      child.kill('SIGINT');
      await ended;
      expect(await keys()).toEqual([]);
    });

    it('leaves no key behind, even if it is killed', async () => {
      const child = startLanewise([...WITH_QUEUE, '--out', 'killed'], {
        cwd: folder.path,
        env: { LANEWISE_QUEUE_URL: url },
      });
      const ended = new Promise((resolve) => {
        child.on('exit', resolve);
      });
      await expect.poll(keys, SOON).not.toEqual([]);
      child.kill('SIGKILL');
      await ended;
      await expect.poll(keys, SOON).toEqual([]);
    });

    it('is named with the option or the variable that had its address, if it refuses', async () => {
      const wrong = url.replace(password, 'wrong');
      const run = ['run', 'noop', '-s', 'bullmq'];
      const env = { LANEWISE_QUEUE_URL: wrong };
      const outcomes = await Promise.all([
        lanewise([...run, '--queue-url', wrong], { cwd: folder.path }),
        lanewise(run, { cwd: folder.path, env }),
        lanewise([...run, '--machines', '1'], { cwd: folder.path, env: { LANEWISE_QUEUE_URL: 'redis://10.0.0.1' } }),
      ]);
      expect(outcomes.map(({ status, stderr }) => [status, stderr.split(':')[1]?.trim()])).toEqual([
        [2, 'Cannot use --queue-url'],
        [2, 'Cannot use LANEWISE_QUEUE_URL'],
        [2, 'Refused LANEWISE_QUEUE_URL'],
      ]);
    });

    it.runIf(process.platform === 'linux')('hides its address from the list of processes', async () => {
      const child = startLanewise([...WITH_QUEUE, '--queue-url', url], { cwd: folder.path });
      const commandLines = (): string =>
        readdirSync('/proc')
          .filter((name) => /^\d+$/.test(name))
          .map((pid) => {
            try {
              return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
            } catch {
              return '';
            }
          })
          .join('\n');
      await expect.poll(keys, SOON).not.toEqual([]);
      expect(commandLines()).not.toContain(password);
      const ended = new Promise((resolve) => {
        child.on('exit', resolve);
      });
      child.kill('SIGINT');
      await ended;
    });
  });
});
