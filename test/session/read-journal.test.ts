import { once } from 'node:events';
import { chmod, chown, copyFile, cp, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../dist/src/measure/environment.js';
import { readJournal } from '../../dist/src/session/read-journal.js';
import { startLanewise, useCommands } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const command = useCommands(folder);
const at = (...names: string[]): string => join(folder.path, ...names);
/** What a module, a binary or a flag of the journal does when it is started. */
const TRACE = 'was-run';
const tracing = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify('PATH')}, '');`;

/** A run that was killed after its first block, and what it measured. */
beforeAll(async () => {
  await folder.file(
    'work.mjs',
    'export default { bound: "io", task: () => new Promise((done) => setTimeout(done, 10, 1)) }',
  );
  const args = [
    'run',
    './work.mjs',
    '-s',
    'event-loop',
    '-n',
    '2',
    '--blocks',
    '9',
    '--rounds',
    '2',
    '--no-upper-bound',
  ];
  const child = startLanewise([...args, '--out', 'killed', '-q'], { cwd: folder.path });
  const ended = once(child, 'exit');
  const blocks = async (): Promise<number> => {
    const text = await readFile(at('killed', 'journal.json'), 'utf8').catch(() => '{"groups":[{"blocks":0}]}');
    return (JSON.parse(text) as { groups: { blocks: number }[] }).groups[0]?.blocks ?? 0;
  };
  while ((await blocks()) === 0) await sleep(20);
  child.kill('SIGKILL');
  await ended;
  await folder.file('evil.mjs', tracing.replace('PATH', at(TRACE)));
  await folder.file('evil.cjs', `require('node:fs').writeFileSync(${JSON.stringify(at(TRACE))}, '')`);
  await folder.file('evil.sh', `#!/bin/sh\n: > '${at(TRACE)}'\n`);
  await chmod(at('evil.sh'), 0o755);
}, 60_000);

beforeEach(async () => {
  await rm(at('copy'), { recursive: true, force: true });
  await cp(at('killed'), at('copy'), { recursive: true });
});

type State = Record<string, Record<string, unknown>> & { groups: Record<string, unknown>[] };

async function edit(change: (state: State) => void): Promise<void> {
  const state = JSON.parse(await readFile(at('killed', 'journal.json'), 'utf8')) as State;
  change(state);
  await writeFile(at('copy', 'journal.json'), JSON.stringify(state), { mode: 0o600 });
}

async function read(nodeOptions?: readonly string[]): Promise<unknown> {
  return readJournal(at('copy'), readEnvironment(), 'run', nodeOptions);
}

it('a journal reads back as it was written, even from a copy of its folder', async () => {
  expect(await read()).toMatchObject({
    request: { workloads: [at('work.mjs')], blocks: 9, kinds: [{ source: 'work.mjs', bound: 'io' }] },
    run: { groups: [{ blocks: expect.any(Number), tasks: 2 }] },
  });
});

describe('nothing named by a journal is run before it is checked', () => {
  it.each([
    ['a module', { workloads: ['../evil.mjs'] }, 'it did not name evil.mjs'],
    ['a strategy', { strategies: [{ kind: 'module', path: '../evil.mjs' }] }, 'it did not name evil.mjs'],
    ['a binary', () => ({ runtimes: [at('evil.sh')] }), 'it did not name '],
  ] as const)('%s named by a forged journal is not run', async (_name, change, why) => {
    await edit(({ request }) => Object.assign(request ?? {}, typeof change === 'function' ? change() : change));
    const { status, stderr } = await command(['run', '--resume', 'copy']);
    expect(stderr).toContain(`Cannot resume the run in copy: it was started when ${why}`);
    expect(status).toBe(2);
    await expect(readFile(at(TRACE))).rejects.toThrow('ENOENT');
  });

  it('a file named by a flag of Node is not run if a forged journal names it', async () => {
    // A flag has no spaces.
    const path = join(await mkdtemp(join(tmpdir(), 'flag-')), 'evil.cjs');
    await copyFile(at('evil.cjs'), path);
    await edit(({ request }) => Object.assign(request ?? {}, { nodeOptions: [`--require=${path}`] }));
    await expect(read([`--require=${path}`])).rejects.toThrow('it did not name evil.cjs');
    await rm(join(path, '..'), { recursive: true });
  });

  it.each([
    '--import=data:text/javascript,import("node:fs").then((fs)=>fs.writeFileSync("was-run",""))',
    '--import 5',
    '--import=5',
    '--require',
    '-r ./evil.cjs',
    '-e 1',
    '--experimental_loader=./evil.mjs',
    '--env-file=evil',
    '--max-semi-space-size=64 ./evil.mjs',
    '--test',
  ])('a flag of Node that loads code is refused unless it is given again: %s', async (flags) => {
    await edit(({ request }) => Object.assign(request ?? {}, { nodeOptions: [flags] }));
    const { status, stderr } = await command(['run', '--resume', 'copy']);
    expect(stderr).toContain('Cannot resume the run in copy: it names flags of Node that can load code (');
    expect(status).toBe(2);
    await expect(readFile(at(TRACE))).rejects.toThrow('ENOENT');
    await expect(read(['--import=other'])).rejects.toThrow('Invalid --node-option: the run in ');
  });

  it('flags of Node that are switches or numbers need not be given again with --resume', async () => {
    const nodeOptions = ['--max-semi-space-size=64 --no-opt', '--expose-gc'];
    await edit(({ request }) => Object.assign(request ?? {}, { nodeOptions }));
    await expect(read()).resolves.toMatchObject({ request: { nodeOptions } });
    await expect(read(nodeOptions)).resolves.toMatchObject({ request: { nodeOptions } });
    await expect(read(['--no-opt'])).rejects.toThrow('Give the same beside --resume');
  });

  it('a flag of Node that loads code, given again, lets --resume continue', async () => {
    const flags = '--import=data:text/javascript,0';
    await edit(({ request }) => Object.assign(request ?? {}, { nodeOptions: [flags] }));
    await expect(read([flags])).resolves.toMatchObject({ request: { nodeOptions: [flags] } });
    // Past the journal: the plan is not that of another run.
    const args = ['run', '--resume', 'copy', `--node-option=${flags}`];
    const { stderr } = await command(args);
    expect(stderr).toContain('it had other configurations, options or blocks');
  });

  it('a program on PATH whose name is not that of a runtime is not started by a journal', async () => {
    await edit(({ request }) => Object.assign(request ?? {}, { runtimes: ['sh'] }));
    await expect(read()).rejects.toThrow('sh is not a name of Node, Bun or Deno, and it would be run.');
  });

  it.runIf(process.getuid?.() === 0)(
    'a binary of another user is not started by a journal, even with a matching checksum',
    async () => {
      await copyFile(at('evil.sh'), at('their.sh'));
      const { size, mtimeMs } = await stat(at('their.sh'));
      await edit(({ request, plan }) => {
        Object.assign(request ?? {}, { runtimes: [at('their.sh')] });
        const [module] = (plan as { files: unknown[] }).files;
        Object.assign(plan ?? {}, { files: [module, { source: at('their.sh'), checksum: `${size} ${mtimeMs}` }] });
      });
      await expect(read()).resolves.toBeDefined();
      await chown(at('their.sh'), 54_321, 54_321);
      await expect(read()).rejects.toThrow(`${at('their.sh')} belongs to another user, and it would be run.`);
    },
  );

  it('a module that has changed is not loaded by --resume', async () => {
    const source = await readFile(at('work.mjs'), 'utf8');
    await writeFile(at('work.mjs'), `${tracing.replace('PATH', at(TRACE))}\n${source}`);
    await expect(read()).rejects.toThrow('work.mjs was another file');
    await writeFile(at('work.mjs'), source);
    await expect(readFile(at(TRACE))).rejects.toThrow('ENOENT');
  });

  it('a run of another version of Node or Lanewise is not resumed', async () => {
    await edit(({ plan }) => Object.assign(plan ?? {}, { node: 'v1.2.3' }));
    await expect(read()).rejects.toThrow(`Node was v1.2.3 and not ${process.version}`);
    await edit(({ plan }) => Object.assign(plan ?? {}, { lanewise: '0.0.1' }));
    await expect(read()).rejects.toThrow('Lanewise was 0.0.1 and not ');
  });
});

describe.skipIf(process.platform === 'win32')('a folder is resumed only if nobody else can have written it', () => {
  it.runIf(process.getuid?.() === 0)(
    'a folder that another user owns, or with a file of theirs, is not resumed',
    async () => {
      for (const path of [at('copy'), at('copy', 'journal.json'), at('copy', 'samples.ndjson')]) {
        await chown(path, 54_321, 54_321);
        await expect(read()).rejects.toThrow(
          `${path} belongs to another user, and it decides what runs. If you trust it, copy the folder and resume the copy.`,
        );
        await chown(path, 0, 0);
      }
    },
  );

  it('a folder that other users can write to is not resumed', async () => {
    await chmod(at('copy'), 0o777);
    await expect(read()).rejects.toThrow('can be written by other users');
    await chmod(at('copy'), 0o755);
    await chmod(at('copy', 'samples.ndjson'), 0o666);
    await expect(read()).rejects.toThrow('samples.ndjson can be written by other users');
  });

  it.runIf(process.getuid?.() === 0)('a folder that another group can write to is not resumed', async () => {
    await chmod(at('copy'), 0o775);
    await expect(read()).resolves.toBeDefined();
    await chown(at('copy'), 0, 54_321);
    // After chown, which may clear bits.
    await chmod(at('copy'), 0o775);
    await expect(read()).rejects.toThrow(`${at('copy')} can be written by other users`);
    await chmod(at('copy'), 0o755);
    await expect(read()).resolves.toBeDefined();
  });

  it.each(['journal.json', 'samples.ndjson'])('a folder whose %s is a link is not resumed', async (file) => {
    await rename(at('copy', file), at('elsewhere'));
    await symlink(at('elsewhere'), at('copy', file));
    await expect(read()).rejects.toThrow(`${at('copy', file)} is a link`);
  });
});

describe('an edited journal is refused in a sentence', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['journal.json: "workloads" must be', { workloads: 5 }],
    ['journal.json: "workloads" must be', { workloads: [{}] }],
    ['journal.json: "params" must be', { params: 5 }],
    ['journal.json: unknown setting "param"', { param: 5 }],
    ['journal.json: unknown setting "strategy"', { strategy: 'x' }],
    ['journal.json: unknown setting "scans"', { scans: [1] }],
    ['journal.json is missing, truncated or not', { batches: 7 }],
    ['journal.json is missing, truncated or not', { kinds: [{ source: 5 }] }],
    ['journal.json is missing, truncated or not', { versusCommit: '--upload-pack=evil' }],
    ['journal.json is missing, truncated or not', { upperBoundLanes: [-1] }],
    ['journal.json: ', { blocks: 1e9 }],
    ['journal.json: ', { rounds: 'many' }],
    ['journal.json: ', { timeoutMs: -1 }],
  ])('an edited request in a journal is refused, %s: %j', async (sentence, change) => {
    await edit(({ request }) => Object.assign(request ?? {}, change));
    await expect(read()).rejects.toMatchObject({ name: 'LanewiseError', message: expect.stringContaining(sentence) });
  });

  it.each<[string, (state: State) => void]>([
    ['a duration below 0', (state) => Object.assign(state, { durationMs: -1 })],
    ['an invalid date', (state) => Object.assign(state, { startedAt: 'yesterday\u202e' })],
    ['an unknown field', (state) => Object.assign(state, { more: 1 })],
    ['a group without tasks', ({ groups: [group] }) => Object.assign(group ?? {}, { tasks: 0 })],
    ['more tasks than allowed', ({ groups: [group] }) => Object.assign(group ?? {}, { tasks: 1e12 })],
    ['more blocks than allowed', ({ groups: [group] }) => Object.assign(group ?? {}, { blocks: 10_001 })],
    ['disturbed blocks past the last', ({ groups: [group] }) => Object.assign(group ?? {}, { hit: [1e12] })],
    [
      'more lanes than can be',
      ({ groups: [group] }) => Object.assign(group ?? {}, { upperBounds: [{ lanes: 1025, samples: [] }] }),
    ],
    ['a time that none can take', ({ groups: [group] }) => Object.assign(group ?? {}, { preparingMs: 1e308 })],
    [
      'a timeline that runs backwards',
      ({ groups: [group] }) => {
        const slices = [{ lane: 0, kind: 'run', task: 0, startMs: 2, endMs: 1 }];
        Object.assign(group ?? {}, { timelines: [{ cell: 'work/event-loop', slices }] });
      },
    ],
    ['an impossible number of workers', ({ request }) => Object.assign(request ?? {}, { upperBoundLanes: [1025] })],
    ['missing samples', (state) => Object.assign(state, { samplesBytes: 1e9 })],
  ])('a journal with %s is refused', async (_name, change) => {
    await edit(change);
    await expect(read()).rejects.toThrow(/is missing, truncated or not as Lanewise wrote it/);
  });

  it.each<[string, (state: State) => void]>([
    ['no groups', (state) => Object.assign(state, { groups: [] })],
    ['no cells', ({ groups: [group] }) => Object.assign(group ?? {}, { cells: [] })],
    ['more blocks than were planned', ({ groups: [group] }) => Object.assign(group ?? {}, { blocks: 10_000 })],
  ])('a journal with %s is refused once the plan is made', async (_name, change) => {
    await edit(change);
    const { status, stderr } = await command(['run', '--resume', 'copy']);
    expect(stderr).toContain('it had other configurations, options or blocks');
    expect(status).toBe(2);
  });

  it('samples that Lanewise did not write are left as they are', async () => {
    await writeFile(at('copy', 'samples.ndjson'), 'mine', { mode: 0o600 });
    await edit((state) => Object.assign(state, { samplesBytes: 0 }));
    const { status, stderr } = await command(['run', '--resume', 'copy']);
    expect(stderr).toContain('samples.ndjson was not written by Lanewise and is not overwritten');
    expect(status).toBe(2);
    expect(await readFile(at('copy', 'samples.ndjson'), 'utf8')).toBe('mine');
  });

  it('a truncated journal is no file of somebody else, for which another folder would help', async () => {
    await writeFile(at('copy', 'journal.json'), '{"a":', { mode: 0o600 });
    const { status, stderr } = await command(['run', '--resume', 'copy']);
    expect(stderr).toContain('Cannot resume the run in copy: journal.json is missing, truncated or not');
    expect(status).toBe(2);
  });

  it('a journal that counts a block of which it has nothing is refused, and not to be resumed again', async () => {
    await edit(({ groups: [group] }) => Object.assign(group ?? {}, { blocks: 9 }));
    const { status, stderr } = await command(['run', '--resume', 'copy', '--quiet']);
    expect(stderr).toMatch(
      /^lanewise: The journal has nothing of work\/event-loop in block \d+, which it counts: start a new run without --resume\.\n$/,
    );
    expect(status).toBe(2);
  });
});
