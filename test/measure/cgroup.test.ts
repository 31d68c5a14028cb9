import { describe, expect, it } from 'vitest';
import { cpuQuota, findCgroups, memoryLimit, parseCpuList, readCpuCounters } from '../../dist/src/measure/cgroup.js';
import { systemWith } from '../support/system-with.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const UNLIMITED_V1 = '9223372036854771712\n';

describe('the quota', () => {
  it.each([
    ['of version 2', { 'proc/self/cgroup': '0::/app\n', 'sys/fs/cgroup/app/cpu.max': '150000 100000\n' }, 1.5],
    [
      'of a group above, if that is less',
      {
        'proc/self/cgroup': '0::/pod/app\n',
        'sys/fs/cgroup/pod/app/cpu.max': 'max 100000\n',
        'sys/fs/cgroup/pod/cpu.max': '50000 100000\n',
      },
      0.5,
    ],
    [
      'of version 1',
      {
        'proc/self/cgroup': '4:cpu,cpuacct:/app\n3:memory:/app\n0::/\n',
        'sys/fs/cgroup/cpu/app/cpu.cfs_quota_us': '200000\n',
        'sys/fs/cgroup/cpu/app/cpu.cfs_period_us': '100000\n',
      },
      2,
    ],
    [
      'of version 1, where -1 is none',
      {
        'proc/self/cgroup': '4:cpu:/\n',
        'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
        'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
      undefined,
    ],
    [
      'of version 2, where max is none',
      { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': 'max 100000\n' },
      undefined,
    ],
    [
      'of a group whose name holds colons',
      { 'proc/self/cgroup': '0::/kube:cri:abc\n', 'sys/fs/cgroup/kube:cri:abc/cpu.max': '50000 100000\n' },
      0.5,
    ],
    ['of a system without groups', {}, undefined],
  ])('is read by itself: %s', async (_name, files, quota) => {
    expect(cpuQuota(findCgroups(await systemWith(folder.path, files)))).toBe(quota);
  });
});

describe('the memory limit', () => {
  it.each([
    ['of version 2', { 'proc/self/cgroup': '0::/app\n', 'sys/fs/cgroup/app/memory.max': '536870912\n' }, 2 ** 29],
    [
      'of version 2, where max is none',
      { 'proc/self/cgroup': '0::/app\n', 'sys/fs/cgroup/app/memory.max': 'max\n' },
      undefined,
    ],
    [
      'of version 1',
      { 'proc/self/cgroup': '4:memory:/app\n', 'sys/fs/cgroup/memory/app/memory.limit_in_bytes': '1048576\n' },
      2 ** 20,
    ],
    [
      'of version 1, where the largest number is none',
      { 'proc/self/cgroup': '4:memory:/\n', 'sys/fs/cgroup/memory/memory.limit_in_bytes': UNLIMITED_V1 },
      undefined,
    ],
  ])('is read by itself: %s', async (_name, files, limit) => {
    expect(memoryLimit(findCgroups(await systemWith(folder.path, files)))).toBe(limit);
  });
});

describe('throttling', () => {
  it.each([
    [
      'of version 2, in microseconds',
      {
        'proc/self/cgroup': '0::/app\n',
        'sys/fs/cgroup/app/cpu.stat': 'usage_usec 5\nnr_throttled 3\nthrottled_usec 2500\n',
      },
    ],
    [
      'of version 1, in nanoseconds',
      {
        'proc/self/cgroup': '4:cpu:/app\n',
        'sys/fs/cgroup/cpu/app/cpu.stat': 'nr_periods 9\nnr_throttled 3\nthrottled_time 2500000\n',
      },
    ],
  ])('is read: %s', async (_name, files) => {
    expect(readCpuCounters(findCgroups(await systemWith(folder.path, files))).throttledMs).toEqual([2.5]);
  });

  it('is not measured where no group tells it', async () => {
    expect(readCpuCounters(findCgroups(await systemWith(folder.path, {}))).throttledMs).toEqual([]);
  });
});

it('reads lists of CPUs', () => {
  expect(parseCpuList('0-3,8,10-11')).toEqual([0, 1, 2, 3, 8, 10, 11]);
  expect(parseCpuList('5')).toEqual([5]);
});

describe('CPU counters', () => {
  const stat = [
    'cpu  60 0 0 500 0 0 0 6',
    'cpu0 10 1 2 100 9 3 4 1 0 0',
    'cpu1 20 0 0 100 0 0 0 2 0 0',
    'cpu2 30 0 0 300 0 0 0 3 0 0',
    'intr 5',
  ].join('\n');

  it.each([
    ['of the CPUs that this process may use', [0, 2], { busyMs: 500, stolenMs: 40, cpus: 2 }],
    ['of all CPUs if no affinity is known', undefined, { busyMs: 700, stolenMs: 60, cpus: 3 }],
    ['of all CPUs in a container that numbers its own otherwise', [5, 9], { busyMs: 700, stolenMs: 60, cpus: 3 }],
  ])('are sums %s', async (_name, allowed, counters) => {
    expect(readCpuCounters(findCgroups(await systemWith(folder.path, { 'proc/stat': stat })), allowed)).toMatchObject(
      counters,
    );
  });

  it('are null where the system reports none', async () => {
    const none = readCpuCounters(findCgroups(await systemWith(folder.path, {})), [0]);
    expect(none).toMatchObject({ busyMs: null, stolenMs: null, cpus: 0 });
  });
});
