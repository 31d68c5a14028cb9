import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { GuardMessage } from '../../dist/workers/guard.js';
import { useTempFolder } from '../support/temp-folder.js';

const GUARD = fileURLToPath(new URL('../../dist/workers/guard.js', import.meta.url));
const folder = useTempFolder();

it.each([
  ['whose last line was truncated', '{"kind":"star'],
  ['that received lines without an object', 'null\n5\n"text"\n[]\n'],
  ['that received invalid messages', '{}\n{"kind":"started","pid":-1}\n{"kind":"opened","run":1}\n{"kind":"other"}\n'],
])('a guard %s cleans up after the process that it guards', async (_name, last) => {
  const left = join(folder.path, 'left');
  mkdirSync(left);
  const process = spawn(globalThis.process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], {
    stdio: 'ignore',
    detached: true,
  });
  const ended = once(process, 'exit');
  const guard = spawn(globalThis.process.execPath, [GUARD], { stdio: ['pipe', 'ignore', 'ignore'] });
  const messages: readonly GuardMessage[] = [
    { kind: 'opened', run: 'a-run-of-a-test', folder: left },
    { kind: 'started', pid: process.pid ?? 0 },
  ];
  guard.stdin.end(`${messages.map((message) => JSON.stringify(message)).join('\n')}\n${last}`);
  expect(await once(guard, 'exit')).toEqual([0, null]);
  expect(existsSync(left)).toBe(false);
  await ended;
  expect(process.exitCode ?? process.signalCode).not.toBeNull();
});
