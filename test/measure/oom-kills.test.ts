import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCgroups, memoryLeft } from '../../dist/src/measure/cgroup.js';
import { watchMemoryKills } from '../../dist/src/measure/oom-kills.js';
import { useTempFolder } from '../support/temp-folder.js';

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
    expect(why()).toMatch(/^the kernel killed processes of this machine for want of memory, and probably this one\./);
  });

  it('was killed by nobody knows whom where the system does not count', async () => {
    expect(watchMemoryKills(await systemWith({}))()).toBeUndefined();
  });
});

describe('the memory that is left', () => {
  const left = async (files: Readonly<Record<string, string>>, swapFree = 0) =>
    memoryLeft(await findCgroups(await systemWith(files)), swapFree);

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
