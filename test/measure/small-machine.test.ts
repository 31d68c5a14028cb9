import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGroups } from '../../dist/src/measure/small-machine.js';
import { findCgroups } from '../../dist/src/measure/cgroup.js';
import { textOf } from '../../dist/workers/system-files.js';
import type { Results } from '../../dist/src/model/results.js';
import { lanewise, startLanewise } from '../support/lanewise.js';
import { systemWith } from '../support/system-with.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
/** Refusing is all that can be tested where no group can be made. */
const canLimit = ((): boolean => {
  try {
    createGroups({ cpus: null, memory: 64 }).open()?.close();
    return true;
  } catch {
    return false;
  }
})();
const textAt = async (path: string): Promise<string> => readFile(path, 'utf8');

describe('the groups of a smaller machine', () => {
  it('are one for each controller in version 1, below that of this process', async () => {
    const root = await systemWith(folder.path, {
      'proc/self/cgroup': '4:cpu,cpuacct:/app\n3:memory:/pod\n0::/\n',
      'sys/fs/cgroup/cpu/app/cgroup.procs': '',
      'sys/fs/cgroup/memory/pod/cgroup.procs': '',
    });
    const { open } = createGroups({ cpus: 1.5, memory: 256 }, root);
    const [cpu = '', memory = '', ...others] = open()?.folders ?? [];
    expect(others).toEqual([]);
    expect([dirname(cpu), dirname(memory)]).toEqual([
      join(root, 'sys/fs/cgroup/cpu/app'),
      join(root, 'sys/fs/cgroup/memory/pod'),
    ]);
    expect(await textAt(join(cpu, 'cpu.cfs_quota_us'))).toBe('150000');
    expect(await textAt(join(cpu, 'cpu.cfs_period_us'))).toBe('100000');
    expect(await textAt(join(memory, 'memory.limit_in_bytes'))).toBe(String(256 * 2 ** 20));
    // Another configuration has others.
    expect(open()?.folders.filter((path) => path === cpu || path === memory)).toEqual([]);
  });

  it('are one for all in version 2, in the nearest group that hands the controllers down', async () => {
    const root = await systemWith(folder.path, {
      'proc/self/cgroup': '0::/user.slice/app.slice/mine\n',
      'sys/fs/cgroup/cgroup.subtree_control': 'cpu memory pids\n',
      'sys/fs/cgroup/user.slice/cgroup.subtree_control': 'cpu memory pids\n',
      'sys/fs/cgroup/user.slice/app.slice/cgroup.subtree_control': 'memory pids\n',
      'sys/fs/cgroup/user.slice/app.slice/mine/cgroup.subtree_control': '\n',
    });
    const of = (asked: Parameters<typeof createGroups>[0]) => createGroups(asked, root).open()?.folders ?? [];
    const [own = '', ...others] = of({ cpus: 0.5, memory: 64 });
    expect(others).toEqual([]);
    expect(await textAt(join(own, 'memory.max'))).toBe(String(64 * 2 ** 20));
    expect(await textAt(join(own, 'cpu.max'))).toBe('50000 100000');
    expect(dirname(own)).toBe(join(root, 'sys/fs/cgroup/user.slice'));
    expect(of({ cpus: null, memory: 64 }).map((path) => dirname(path))).toEqual([
      join(root, 'sys/fs/cgroup/user.slice/app.slice'),
    ]);
  });

  it.runIf(canLimit)('are not removed before their process has entered them', () => {
    const groups = createGroups({ cpus: null, memory: 64 });
    const [first] = groups.open()?.folders ?? [];
    const second = groups.open();
    expect(existsSync(String(first))).toBe(true);
    second?.close();
    groups.end();
    expect(existsSync(String(first))).toBe(false);
  });

  it('are none for whole CPUs, which are given by affinity', async () => {
    expect(createGroups({ cpus: 2, memory: null }, await systemWith(folder.path, {})).open()).toBeUndefined();
  });

  it('are refused in a sentence where none can be made, and beyond a limit that is there', async () => {
    const nowhere = await systemWith(folder.path, {
      'proc/self/cgroup': '0::/app\n',
      'sys/fs/cgroup/app/cgroup.subtree_control': '',
    });
    expect(() => createGroups({ cpus: null, memory: 128 }, nowhere).open()).toThrow(
      '--memory and a part of a CPU need cgroups, which cannot be made or entered here: that takes root, or a group that was delegated.',
    );
    const limited = await systemWith(folder.path, {
      'proc/self/cgroup': '3:memory:/\n',
      'sys/fs/cgroup/memory/cgroup.procs': '',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': String(512 * 2 ** 20),
    });
    expect(() => createGroups({ cpus: null, memory: 1024 }, limited)).toThrow('from 64MiB to 512MiB, the limit here');
    expect(() => createGroups({ cpus: null, memory: 32 }, limited)).toThrow('from 64MiB');
  });
});

/** Groups of Lanewise, with the processes in each; nobody else makes any meanwhile. */
function groupsHere(): readonly string[] {
  const { cpu, memory } = findCgroups();
  const parents = [...cpu, ...memory].map((group) => group.folder).filter((path) => existsSync(path));
  const names = (path: string): readonly string[] => readdirSync(path).filter((name) => name.startsWith('lanewise-'));
  return parents.flatMap((path) => names(path).map((name) => join(path, name)));
}

function haveProcesses(): boolean {
  const groups = groupsHere();
  return groups.length > 0 && groups.every((group) => textOf(join(group, 'cgroup.procs')) !== '');
}

const LEAST = '-p 1 -c 1 -n 2 --preset quick --blocks 6 --rounds 1 --no-upper-bound --json --format json'.split(' ');

describe.runIf(process.platform === 'linux')('a run on a smaller machine', () => {
  it('has the CPUs that were asked for', async () => {
    const source = `import { availableParallelism } from 'node:os';
      export default () => { if (availableParallelism() !== 1) throw new Error('it has more'); };`;
    const { status, stdout, stderr } = await lanewise(
      ['run', await folder.file('one.mjs', source), '-s', 'event-loop,child-processes', '--cpus', '1', ...LEAST],
      { cwd: folder.path },
    );
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ environment: { cores: 1, emulated: { cpus: 1 } } });
  });

  it.runIf(canLimit)(
    'limits the memory of each configuration, and says why one that needs more has ended',
    async () => {
      const source = `const held = [];
      export default () => {
        const limit = process.constrainedMemory();
        if (limit !== 128 * 2 ** 20) throw new Error('its limit is ' + limit);
        for (let chunk = 0; chunk < 40; chunk++) held.push(Buffer.alloc(8 * 2 ** 20, 1));
      };`;
      const workload = await folder.file('much.mjs', source);
      const { status, stdout } = await lanewise(
        ['run', workload, '-s', 'event-loop,child-processes', '--memory', '128MiB', ...LEAST],
        { cwd: folder.path },
      );
      expect(status).toBe(1);
      const { environment, cells } = JSON.parse(stdout) as Results;
      expect(environment.emulated).toEqual({ cpus: null, memory: 128 });
      expect(cells).toHaveLength(2);
      for (const cell of cells)
        expect(cell.status === 'failed' && cell.error.message).toContain(
          'it needed more than --memory 128MiB and the kernel killed it',
        );
      expect(groupsHere()).toEqual([]);
    },
  );

  it.runIf(canLimit)('leaves no group when it is killed', async () => {
    const child = startLanewise(['run', 'primes', '--cpus', '1.5', '--memory', '256MiB', '--quiet'], {
      cwd: folder.path,
    });
    await expect.poll(haveProcesses, { timeout: 20_000, interval: 10 }).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(groupsHere, { timeout: 20_000 }).toEqual([]);
  });

  it.each([
    [['--cpus', '4096'], 'Invalid --cpus "4096": expected at most'],
    [['--cpus', '0'], 'Invalid --cpus "0": expected a number of CPUs from 0.1, such as 2 or 1.5.'],
    [['--memory', '512'], 'Invalid --memory "512": expected memory with its unit'],
    [['--memory', '1MiB'], 'Invalid --memory "1MiB": expected '],
  ])('refuses %s before anything is started', async (flags, sentence) => {
    const { status, stderr } = await lanewise(['run', 'noop', ...flags], { cwd: folder.path });
    expect(status).toBe(2);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(sentence);
  });
});
