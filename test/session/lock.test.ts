import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const LOCK = new URL('../../dist/src/session/lock.js', import.meta.url).href;

interface Holder {
  readonly child: ChildProcess;
  /** The first line that it says. */
  readonly said: Promise<string>;
}

/** A process that takes the lock, says what came of it, and keeps it until it is killed. */
function take(mode: string, platform: string, tmp = folder.path): Holder {
  const code = `
    Object.defineProperty(process, 'platform', { value: ${JSON.stringify(platform)} });
    const { takeLock } = await import(${JSON.stringify(LOCK)});
    try {
      const { isShared, release } = await takeLock({ mode: ${JSON.stringify(mode)}, onWait: ({ pid }) => console.log('waiting for ' + pid) });
      process.on('SIGTERM', () => { release(); process.exit(); });
      console.log(isShared ? 'shared' : 'taken');
      setInterval(() => undefined, 1000);
    } catch (thrown) { console.log(thrown.message) }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, TMPDIR: tmp, TMP: tmp, TEMP: tmp },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = once(child.stdout, 'data').then(([data]) => String(data).trim());
  return { child, said };
}

/** The name that is no file, and the file that other systems have. */
const platforms = process.platform === 'linux' ? ['linux', 'darwin'] : [process.platform];

describe.each(platforms)('the lock on %s', (platform) => {
  it('is held by one, shared by who does not care, and free again when its process was killed', async () => {
    const first = take('refuse', platform);
    expect(await first.said).toBe('taken');
    expect(await take('refuse', platform).said).toMatch(
      new RegExp(`^Another Lanewise is measuring on this machine \\(process ${first.child.pid}, since `),
    );
    const second = take('ignore', platform);
    expect(await second.said).toBe('shared');
    const third = take('wait', platform);
    expect(await third.said).toBe(`waiting for ${first.child.pid}`);
    const taken = once(third.child.stdout ?? third.child, 'data');
    first.child.kill('SIGKILL');
    expect(String(await taken).trim()).toBe('taken');
    second.child.kill('SIGKILL');
    third.child.kill('SIGKILL');
    await once(third.child, 'exit');
    const fourth = take('refuse', platform);
    expect(await fourth.said).toBe('taken');
    fourth.child.kill('SIGTERM');
  });

  it('has a name of its own in each temporary folder, however long that is called', async () => {
    const deep = join(folder.path, 'x'.repeat(120));
    await mkdir(deep, { recursive: true });
    const [here, there] = [take('refuse', platform), take('refuse', platform, deep)];
    expect(await Promise.all([here.said, there.said])).toEqual(['taken', 'taken']);
    // Each releases its own, so that no file is left.
    here.child.kill('SIGTERM');
    there.child.kill('SIGTERM');
  });
});
