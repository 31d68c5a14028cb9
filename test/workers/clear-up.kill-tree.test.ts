import { chmod } from 'node:fs/promises';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { killTree } from '../../dist/workers/clear-up.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

describe.skipIf(process.platform === 'win32')('a process tree on Windows', () => {
  let child: ChildProcess;

  beforeEach(async () => {
    child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
    // The name has no slash, so this system looks for it in PATH.
    const taskkill = await folder.file(
      String.raw`root\System32\taskkill.exe`,
      `#!/bin/sh\necho "$@" $(kill -0 "$2" && echo lives) > '${join(folder.path, 'asked')}'; kill -9 "$2"\n`,
    );
    await chmod(taskkill, 0o755);
    vi.stubEnv('SystemRoot', 'root');
    vi.stubEnv('PATH', `${folder.path}:${process.env.PATH ?? ''}`);
    vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    child.kill('SIGKILL');
  });

  it('is killed by the program of the system, to its end, while its root still lives', async () => {
    const ended = once(child, 'exit');
    killTree(child.pid ?? 0);
    expect(readFileSync(join(folder.path, 'asked'), 'utf8')).toBe(`/pid ${child.pid} /T /F lives\n`);
    expect(await ended).toEqual([null, 'SIGKILL']);
  });
});
