import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findCgroups, freeMemory } from '../../dist/src/measure/cgroup.js';
import { lastWords, watchMemoryKills } from '../../dist/src/measure/why-ended.js';
import { useTempFolder } from '../support/temp-folder.js';

/** What Node itself prints, and the signal by which it ended. */
async function nodePrints(code: string, flags: readonly string[] = []): Promise<readonly [string, string | null]> {
  const ended = promisify(execFile)(process.execPath, [...flags, '-e', code]);
  const { stderr = '', signal = null } = (await ended.catch(
    (thrown: unknown) => thrown as { stderr?: string; signal?: string | null },
  )) as { stderr?: string; signal?: string | null };
  return [stderr, signal];
}

describe('why a process ended', () => {
  it.each([
    ['throw new TypeError("bad")', ': TypeError: bad'],
    ['console.error("Error: handled"); throw new RangeError("real")', ': RangeError: real'],
    ['throw Object.assign(new Error("with fields"), { code: "E1", list: [1, 2] })', ': Error: with fields'],
    ['throw new Error("outer", { cause: new Error("inner") })', ': Error: outer'],
    ['Promise.reject(new Error("rejected"))', ': Error: rejected'],
    ['console.error(new Error("told last")); process.exit(3)', ': Error: told last'],
    ['console.error("Error: handled"); console.error("done"); process.exit(3)', ''],
    ['console.error("Error: handled"); process.kill(process.pid, "SIGKILL"); setInterval(() => 0, 9)', ''],
    ['console.error("Error: handled"); process.kill(process.pid, "SIGTERM"); setInterval(() => 0, 9)', ''],
    ['process.exit(3)', ''],
  ])('is what stands last on its stderr: %s', async (code, expected) => {
    expect(lastWords(...(await nodePrints(code)))).toBe(expected);
  });

  it('is that its heap was full, before which V8 prints what it tried', async () => {
    const printed = await nodePrints('const all = []; for (;;) all.push(new Array(1e5).fill(all.length))', [
      '--max-old-space-size=20',
    ]);
    expect(lastWords(...printed)).toMatch(/: FATAL ERROR: .*heap out of memory$/);
  });

  it('is that Node refused a flag', async () => {
    expect(lastWords(...(await nodePrints('0', ['--no-such-flag'])))).toMatch(/bad option: --no-such-flag$/);
  });

  it('is that the port of a debugger was taken', () => {
    expect(lastWords('Starting inspector on 127.0.0.1:9229 failed: address already in use\n', null)).toBe(
      ': Starting inspector on 127.0.0.1:9229 failed: address already in use',
    );
  });

  it('is not a line of code that holds the word', () => {
    expect(lastWords('const error = new Error(text);\n', null)).toBe('');
    expect(lastWords('listening\nfatal: bad config\n', null)).toBe(': fatal: bad config');
    expect(lastWords('listening\n', null)).toBe('');
  });
});

const folder = useTempFolder();
let roots = 0;

async function systemWith(files: Readonly<Record<string, string>>, root = join(folder.path, `root-${roots++}`)) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const V2 = {
  'proc/self/cgroup': '0::/app\n',
  'sys/fs/cgroup/app/memory.max': `${384 * 2 ** 20}\n`,
  'sys/fs/cgroup/app/memory.events': 'low 0\nhigh 0\nmax 3\noom 0\noom_kill 1\noom_group_kill 0\n',
};
const V1 = {
  'proc/self/cgroup': '4:memory:/app\n0::/\n',
  'sys/fs/cgroup/memory/app/memory.limit_in_bytes': `${384 * 2 ** 20}\n`,
  'sys/fs/cgroup/memory/app/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 1\n',
};

describe('a process that was killed', () => {
  it.each([
    ['version 2', V2, 'sys/fs/cgroup/app/memory.events', 'oom 1\noom_kill 2\n'],
    ['version 1', V1, 'sys/fs/cgroup/memory/app/memory.oom_control', 'under_oom 0\noom_kill 2\n'],
  ])('was killed by the kernel if its cgroup has killed since it began: %s', async (_version, files, file, after) => {
    const root = await systemWith(files);
    const why = watchMemoryKills(root);
    expect(why()).toBeUndefined();
    await systemWith({ [file]: after }, root);
    expect(why()).toBe(
      'its cgroup ran out of memory (limit 384 MiB) and the kernel killed it. Ask for fewer or smaller pools with -s, -p and -c, or raise the limit',
    );
  });

  it('was killed by the kernel if the machine has killed since it began', async () => {
    const root = await systemWith({ 'proc/vmstat': 'pgfault 1\noom_kill 4\n' });
    const why = watchMemoryKills(root);
    await systemWith({ 'proc/vmstat': 'pgfault 9\noom_kill 5\n' }, root);
    expect(why()).toMatch(/^the kernel killed processes of this machine for lack of memory, and probably this one\./);
  });

  it('was killed by nobody knows whom where the system does not count', async () => {
    expect(watchMemoryKills(await systemWith({}))()).toBeUndefined();
  });
});

describe('the memory that is left', () => {
  const left = async (files: Readonly<Record<string, string>>, swapFree = 0) =>
    freeMemory(findCgroups(await systemWith(files)), swapFree);

  it('is what the limit grants less what is used, without the cache', async () => {
    const used = { 'sys/fs/cgroup/app/memory.current': '300\n' };
    const stat = { 'sys/fs/cgroup/app/memory.stat': 'anon 150\ninactive_file 90\nactive_file 60\nslab 9\n' };
    expect(await left({ ...V2, 'sys/fs/cgroup/app/memory.max': '1000\n', ...used, ...stat })).toBe(850);
  });

  it('counts what can be moved to disk, as far as the group may', async () => {
    const files = { ...V2, 'sys/fs/cgroup/app/memory.max': '1000\n', 'sys/fs/cgroup/app/memory.current': '0\n' };
    expect(await left(files, 500)).toBe(1500);
    expect(await left({ ...files, 'sys/fs/cgroup/app/memory.swap.max': '0\n' }, 500)).toBe(1000);
    expect(await left({ ...files, 'sys/fs/cgroup/app/memory.swap.max': 'max\n' }, 500)).toBe(1500);
  });

  it('is that of the group above, if that has less', async () => {
    expect(
      await left({
        'proc/self/cgroup': '4:memory:/pod/app\n',
        'sys/fs/cgroup/memory/pod/app/memory.limit_in_bytes': '9223372036854771712\n',
        'sys/fs/cgroup/memory/pod/memory.limit_in_bytes': '1000\n',
        'sys/fs/cgroup/memory/pod/memory.usage_in_bytes': '700\n',
        'sys/fs/cgroup/memory/pod/memory.stat': 'inactive_file 1\ntotal_inactive_file 100\ntotal_active_file 100\n',
      }),
    ).toBe(500);
  });

  it('is not known without a limit', async () => {
    expect(await left({ 'proc/self/cgroup': '0::/\n' })).toBeUndefined();
  });
});
