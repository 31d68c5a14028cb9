import { expect, it } from 'vitest';
import { availableIn, countIn, platformOf } from '../../dist/workers/platform.js';

it('Linux alone has the files of Linux, and Windows neither those nor process groups', () => {
  expect(platformOf('linux')).toMatchObject({ isLinux: true, hasSystemFiles: true, hasGroups: true, shell: 'posix' });
  expect(platformOf('darwin')).toMatchObject({
    isLinux: false,
    hasGroups: true,
    countsLoad: true,
    installsWith: 'brew',
  });
  // Nothing that the code asks for by a yes is there.
  expect(Object.values(platformOf('win32')).filter((fact) => fact === true)).toEqual([]);
});

it('a system that nobody has listed is a POSIX one without the files of Linux', () => {
  expect(platformOf('freebsd')).toEqual({ ...platformOf('linux'), isLinux: false });
});

it('only programs of the system itself are asked, by absolute paths', () => {
  const programs = (['linux', 'darwin', 'win32'] as const).flatMap((name) => {
    const { memoryProgram, coresProgram } = platformOf(name);
    return [memoryProgram, coresProgram].flatMap((program) => program?.[0] ?? []);
  });
  expect(programs).toEqual(['/usr/bin/vm_stat', '/usr/sbin/sysctl']);
});

it('the available memory of macOS includes inactive pages', () => {
  // A Mac with 32 GiB, as its owner has published it.
  const output = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                                    10069.
Pages active:                                 432859.
Pages inactive:                               426177.
Pages speculative:                              5899.
Pages throttled:                                   0.
Pages wired down:                             171481.
Pages purgeable:                               11278.
"Translation faults":                     1935466161.
`;
  expect(availableIn(output)).toBe((10_069 + 426_177 + 5899) * 16_384);
});

it('the available memory of macOS is unknown without all counts', () => {
  expect(availableIn('')).toBeUndefined();
  expect(
    availableIn('Mach Virtual Memory Statistics: (page size of 16384 bytes)\nPages free: 10069.\n'),
  ).toBeUndefined();
});

it('a count is the only thing that a program prints', () => {
  expect(countIn('8\n')).toBe(8);
  for (const other of ['', 'hw.physicalcpu: 8\n', 'sysctl: unknown oid\n']) expect(countIn(other)).toBeUndefined();
});
