/** Bun, Deno and another Node, whose binaries come from npm. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';
import { installNode, installRuntime } from '../../dist/scripts/build/npm-binary.js';

export const POOLS = ['event-loop', 'worker-threads', 'child-processes'] as const;

export const folder = mkdtempSync(join(tmpdir(), 'lanewise-runtimes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Undefined where npm cannot be reached, or has no binary for this platform. */
function installed(install: () => string | undefined): string | undefined {
  try {
    return install();
  } catch {
    return undefined;
  }
}

export const bun = installed(() => installRuntime(folder, 'bun'));
export const deno = installed(() => installRuntime(folder, 'deno'));
export const node = installed(() => installNode(folder, process.version.startsWith('v24.') ? '22' : '24'));
export const areAll = bun !== undefined && deno !== undefined && node !== undefined;
if (!areAll) process.stderr.write('Other runtimes were not tried: npm does not have their binaries here.\n');
export const binaries = [bun, deno, node].filter((path) => path !== undefined);

/** Runs a file on a runtime. @returns its stdout */
export async function runOn(binary: string, file: string, args: readonly string[] = []): Promise<string> {
  const before = binary === deno ? ['run', '--allow-all'] : [];
  const env = { ...process.env, TMPDIR: folder };
  const { stdout } = await promisify(execFile)(binary, [...before, file, ...args], { cwd: folder, env });
  return stdout;
}
