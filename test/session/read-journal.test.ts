import { once } from 'node:events';
import { chmod, chown, copyFile, cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../dist/src/measure/environment.js';
import { readJournal } from '../../dist/src/session/read-journal.js';
import { lanewise, startLanewise } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
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
  const args = ['run', './work.mjs', '-s', 'event-loop', '-n', '2', '--blocks', '9', '--rounds', '2', '--no-ceiling'];
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

async function read(): Promise<unknown> {
  return readJournal(at('copy'), readEnvironment());
}

it('a journal is read as it was written, also from a copy of its folder', async () => {
  expect(await read()).toMatchObject({
    request: { workloads: [at('work.mjs')], blocks: 9 },
    run: { groups: [{ blocks: expect.any(Number), tasks: 2 }] },
  });
});

describe('nothing that a journal names is run before it is checked', () => {
  it.each([
    ['a module', { workloads: ['../evil.mjs'] }, 'it did not name evil.mjs'],
    ['a strategy', { strategies: [{ kind: 'module', path: '../evil.mjs' }] }, 'it did not name evil.mjs'],
    ['a binary', () => ({ nodes: [at('evil.sh')] }), 'it did not name evil.sh'],
  ] as const)('%s', async (_name, change, why) => {
    await edit(({ request }) => Object.assign(request ?? {}, typeof change === 'function' ? change() : change));
    const { status, stderr } = await lanewise(['run', '--resume', 'copy'], { cwd: folder.path });
    expect(stderr).toContain(`Cannot resume the run in copy: it was started when ${why}`);
    expect(status).toBe(2);
    await expect(readFile(at(TRACE))).rejects.toThrow('ENOENT');
  });

  it('a file that a flag of Node names', async () => {
    // A flag has no spaces.
    const path = join(await mkdtemp(join(tmpdir(), 'flag-')), 'evil.cjs');
    await copyFile(at('evil.cjs'), path);
    await edit(({ request }) => Object.assign(request ?? {}, { nodeOptions: [`--require=${path}`] }));
    await expect(read()).rejects.toThrow('it did not name evil.cjs');
    await rm(join(path, '..'), { recursive: true });
  });

  it('a module that was changed', async () => {
    const source = await readFile(at('work.mjs'), 'utf8');
    await writeFile(at('work.mjs'), `${tracing.replace('PATH', at(TRACE))}\n${source}`);
    await expect(read()).rejects.toThrow('work.mjs was another file');
    await writeFile(at('work.mjs'), source);
    await expect(readFile(at(TRACE))).rejects.toThrow('ENOENT');
  });

  it('by another Node or another Lanewise', async () => {
    await edit(({ plan }) => Object.assign(plan ?? {}, { node: 'v1.2.3' }));
    await expect(read()).rejects.toThrow(`Node was v1.2.3 and not ${process.version}`);
    await edit(({ plan }) => Object.assign(plan ?? {}, { lanewise: '0.0.1' }));
    await expect(read()).rejects.toThrow('Lanewise was 0.0.1 and not ');
  });
});

describe.skipIf(process.platform === 'win32')('a folder is resumed only if nobody else can have written it', () => {
  it.runIf(process.getuid?.() === 0)('or owns it, or a file in it', async () => {
    for (const path of [at('copy'), at('copy', 'journal.json'), at('copy', 'samples.ndjson')]) {
      await chown(path, 54_321, 54_321);
      await expect(read()).rejects.toThrow(
        `${path} belongs to another user, and what it names would be run. If you trust it, copy the folder and resume the copy.`,
      );
      await chown(path, 0, 0);
    }
  });

  it('or may write to it', async () => {
    await chmod(at('copy'), 0o777);
    await expect(read()).rejects.toThrow('can be written by other users');
    await chmod(at('copy'), 0o755);
    await chmod(at('copy', 'samples.ndjson'), 0o666);
    await expect(read()).rejects.toThrow('samples.ndjson can be written by other users');
  });

  it.each(['journal.json', 'samples.ndjson'])('and %s is no link', async (file) => {
    await rename(at('copy', file), at('elsewhere'));
    await symlink(at('elsewhere'), at('copy', file));
    await expect(read()).rejects.toThrow(`${at('copy', file)} is a link`);
  });
});

describe('a journal that somebody has changed is told in a sentence', () => {
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
    ['journal.json is missing, truncated or not', { ceilingLanes: [-1] }],
    ['journal.json: ', { blocks: 1e9 }],
    ['journal.json: ', { rounds: 'many' }],
    ['journal.json: ', { timeoutMs: -1 }],
  ])('%s: %j', async (sentence, change) => {
    await edit(({ request }) => Object.assign(request ?? {}, change));
    await expect(read()).rejects.toMatchObject({ name: 'LanewiseError', message: expect.stringContaining(sentence) });
  });

  it.each<[string, (state: State) => void]>([
    ['a duration below 0', (state) => Object.assign(state, { durationMs: -1 })],
    ['a date that is none', (state) => Object.assign(state, { startedAt: 'yesterday\u202e' })],
    ['more than it knows', (state) => Object.assign(state, { more: 1 })],
    ['a group without tasks', ({ groups: [group] }) => Object.assign(group ?? {}, { tasks: 0 })],
    ['samples that are not there', (state) => Object.assign(state, { samplesBytes: 1e9 })],
  ])('%s', async (_name, change) => {
    await edit(change);
    await expect(read()).rejects.toThrow(/is missing, truncated or not as Lanewise wrote it/);
  });

  it.each<[string, (state: State) => void]>([
    ['no groups', (state) => Object.assign(state, { groups: [] })],
    ['no cells', ({ groups: [group] }) => Object.assign(group ?? {}, { cells: [] })],
    ['more blocks than were planned', ({ groups: [group] }) => Object.assign(group ?? {}, { blocks: 1e9 })],
  ])('%s, once the plan is made', async (_name, change) => {
    await edit(change);
    const { status, stderr } = await lanewise(['run', '--resume', 'copy'], { cwd: folder.path });
    expect(stderr).toContain('it had other cells, options or blocks');
    expect(status).toBe(2);
  });
});
