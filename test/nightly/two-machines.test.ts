/**
 * Two machines with a network between them: two network namespaces of Linux, which only root can make. Elsewhere,
 * `machines.test.ts` has the rules that two processes of one machine can show.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/index.js';
import { onPath } from '../../dist/src/queue/on-path.js';
import { useMachines, type Running } from '../support/machines.js';
import { useTempFolder } from '../support/temp-folder.js';

const NAMES = { a: `lw${process.pid}a`, b: `lw${process.pid}b` } as const;
const HOST = '10.231.77.1';
const URL_OF_A = `redis://${HOST}:6399`;
const LEAST = ['-p', '1', '--blocks', '6', '--rounds', '1', '--preset', 'quick', '--no-lock', '--no-upper-bound'];
/** Waits, so that what is faster does not depend on what else this machine does. */
const WAIT = 'export default (ms) => new Promise((done) => setTimeout(done, ms));';
const SHIFTED = `
const [now, hrtime] = [Date.now, process.hrtime.bigint];
Date.now = () => now() - 3_600_000;
process.hrtime.bigint = () => hrtime() + 90_000_000_000n;
`;

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: 'ignore' });
}

/** Why there are no namespaces here; undefined: there are. */
function whyNone(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  if (onPath('ip') === undefined || onPath('redis-server') === undefined) return 'needs ip (iproute2) and redis-server';
  try {
    for (const name of Object.values(NAMES)) ip('netns', 'add', name);
    ip('link', 'add', 'veth-a', 'netns', NAMES.a, 'type', 'veth', 'peer', 'name', 'veth-b', 'netns', NAMES.b);
    for (const [place, machine] of (['a', 'b'] as const).entries()) {
      ip('-n', NAMES[machine], 'addr', 'add', `10.231.77.${place + 1}/24`, 'dev', `veth-${machine}`);
      for (const device of ['lo', `veth-${machine}`]) ip('-n', NAMES[machine], 'link', 'set', device, 'up');
    }
    return undefined;
  } catch (thrown) {
    removeNamespaces();
    return `cannot make network namespaces: ${String(thrown)}`;
  }
}

function removeNamespaces(): void {
  for (const name of Object.values(NAMES))
    try {
      ip('netns', 'del', name);
    } catch {
      // It was not made.
    }
}

const skipped = whyNone();
if (skipped !== undefined) process.stderr.write(`two-machines.test.ts: skipped, since it ${skipped}.\n`);
const folder = useTempFolder();
const startOn = useMachines(folder);

function start(args: readonly string[], machine: 'a' | 'b', env: Readonly<Record<string, string>> = {}): Running {
  return startOn(args, {
    machine,
    env: { LANEWISE_ALLOW_BUSY: '1', ...env },
    within: ['ip', 'netns', 'exec', NAMES[machine]],
  });
}

async function invited(inputMs: number, ...args: readonly string[]): Promise<readonly [run: Running, address: string]> {
  const task = ['./task.mjs', '--input', String(inputMs), '-n', '8', '-c', '1'];
  const run = start(['run', ...task, ...LEAST, '--queue-url', URL_OF_A, ...args], 'a');
  return [run, await run.says(/worker --join '(\S*#\S+)' --insecure/)];
}

function resultsOf(out: string): Results {
  return JSON.parse(readFileSync(join(folder.path, 'a', out, 'results.json'), 'utf8')) as Results;
}

describe.skipIf(skipped !== undefined)('two machines', { timeout: 360_000 }, () => {
  let server: ReturnType<typeof spawn>;

  beforeAll(() => {
    for (const machine of ['a', 'b']) {
      mkdirSync(join(folder.path, machine), { recursive: true });
      writeFileSync(join(folder.path, machine, 'task.mjs'), WAIT);
    }
    writeFileSync(join(folder.path, 'b/shifted.mjs'), SHIFTED);
    for (const machine of ['a', 'b'] as const)
      try {
        execFileSync(
          'tc',
          ['-n', NAMES[machine], 'qdisc', 'add', 'dev', `veth-${machine}`, 'root', 'netem', 'delay', '0.5ms'],
          {
            stdio: 'ignore',
          },
        );
      } catch {
        // This kernel has no netem: the network is as fast as memory.
      }
    const redis = ['redis-server', '--port', '6399', '--bind', HOST, '--protected-mode', 'no', '--save', ''];
    server = spawn('ip', ['netns', 'exec', NAMES.a, ...redis], { stdio: 'ignore', cwd: folder.path });
  });
  afterAll(() => {
    server.kill('SIGKILL');
    removeNamespaces();
  });

  it('are refused on both sides if the server between them has neither TLS nor a password', async () => {
    const run = ['run', './task.mjs', '--input', '1', '-s', 'bullmq', '--machines', '0,1', ...LEAST];
    const refusals = await Promise.all([
      start([...run, '--queue-url', URL_OF_A], 'a').outcome,
      start(['worker', '--join', `${URL_OF_A}#token`], 'b').outcome,
    ]);
    expect(refusals.map(({ status }) => status)).toEqual([2, 2]);
    for (const { stderr } of refusals) expect(stderr).toMatch(/needs TLS \(rediss:\/\/\) and a password/);
  });

  it('give the same verdicts whether or not the clocks of one are an hour and 90 s off, and latencies on one clock', async () => {
    const measured = async (out: string, env: Readonly<Record<string, string>>): Promise<Results> => {
      const args = ['-s', 'sequential,bullmq', '--machines', '1', '--insecure', '--out', out];
      const [run, address] = await invited(150, ...args);
      start(['worker', '--join', address, '--insecure'], 'b', env);
      const { status, stderr } = await run.outcome;
      expect(stderr).toMatch(/Machine b joined/);
      expect(status).toBe(0);
      return resultsOf(out);
    };
    const usual = await measured('usual', {});
    const shifted = await measured('shifted', { NODE_OPTIONS: '--import ./shifted.mjs' });
    const verdictsOf = ({ comparisons }: Results): unknown =>
      comparisons.map(({ contender, verdict }) => [contender, verdict]);
    expect(verdictsOf(shifted)).toEqual([['task/bullmq@2~machines1', 'faster']]);
    expect(verdictsOf(usual)).toEqual(verdictsOf(shifted));
    const samples = shifted.cells.flatMap((cell) => (cell.status === 'ok' ? cell.samples : []));
    for (const { taskMs, wallMs, disorderedStamps } of samples) {
      expect(taskMs.max).toBeLessThanOrEqual(wallMs * 1.01);
      expect(disorderedStamps).toBeUndefined();
    }
  });

  it('lose the configurations of both when the cable is cut, and keep those of one', async () => {
    const args = ['-s', 'bullmq', '--machines', '0,1', '--insecure', '--out', 'lost'];
    const [run, address] = await invited(100, ...args);
    const worker = start(['worker', '--join', address, '--insecure'], 'b');
    try {
      await run.says(/Calibrated/);
      ip('-n', NAMES.b, 'link', 'set', 'veth-b', 'down');
      expect((await run.outcome).status).toBe(1);
      const byId = new Map(resultsOf('lost').cells.map((cell) => [cell.id, cell]));
      const lost = byId.get('task/bullmq@2~machines1');
      expect(lost).toMatchObject({ status: 'failed', error: { message: 'machine b left' } });
      expect(byId.get('task/bullmq@1')).toMatchObject({ status: 'ok' });
      // It has ended its workers and left, since it does not reach the server.
      const left = await worker.outcome;
      expect([left.status, left.stderr]).toEqual([130, expect.stringMatching(/connection to the server .* was lost/)]);
    } finally {
      ip('-n', NAMES.b, 'link', 'set', 'veth-b', 'up');
    }
  });
});
