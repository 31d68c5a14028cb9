import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { lastWords } from '../../dist/src/measure/last-words.js';

/** What Node itself prints, and the signal by which it ended. */
async function nodePrints(code: string, flags: readonly string[] = []): Promise<readonly [string, string | null]> {
  const ended = promisify(execFile)(process.execPath, [...flags, '-e', code]);
  const { stderr = '', signal = null } = (await ended.catch(
    (thrown: unknown) => thrown as { stderr?: string; signal?: string | null },
  )) as { stderr?: string; signal?: string | null };
  return [stderr, signal];
}

describe('why a process ended', () => {
  it.each([
    ['throw new TypeError("bad")', ': TypeError: bad'],
    ['console.error("Error: handled"); throw new RangeError("real")', ': RangeError: real'],
    ['throw Object.assign(new Error("with fields"), { code: "E1", list: [1, 2] })', ': Error: with fields'],
    ['throw new Error("outer", { cause: new Error("inner") })', ': Error: outer'],
    ['Promise.reject(new Error("rejected"))', ': Error: rejected'],
    ['console.error(new Error("told last")); process.exit(3)', ': Error: told last'],
    ['console.error("Error: handled"); console.error("done"); process.exit(3)', ''],
    ['console.error("Error: handled"); process.kill(process.pid, "SIGKILL"); setInterval(() => 0, 9)', ''],
    ['console.error("Error: handled"); process.kill(process.pid, "SIGTERM"); setInterval(() => 0, 9)', ''],
    ['process.exit(3)', ''],
  ])('is what stands last on its stderr: %s', async (code, expected) => {
    expect(lastWords(...(await nodePrints(code)))).toBe(expected);
  });

  it('is that its heap was full, before which V8 prints what it tried', async () => {
    const printed = await nodePrints('const all = []; for (;;) all.push(new Array(1e5).fill(all.length))', [
      '--max-old-space-size=20',
    ]);
    expect(lastWords(...printed)).toMatch(/: FATAL ERROR: .*heap out of memory$/);
  });

  it('is that Node refused a flag', async () => {
    expect(lastWords(...(await nodePrints('0', ['--no-such-flag'])))).toMatch(/bad option: --no-such-flag$/);
  });

  it('is that the port of a debugger was taken', () => {
    expect(lastWords('Starting inspector on 127.0.0.1:9229 failed: address already in use\n', null)).toBe(
      ': Starting inspector on 127.0.0.1:9229 failed: address already in use',
    );
  });

  it('is not a line of code that holds the word', () => {
    expect(lastWords('const error = new Error(text);\n', null)).toBe('');
  });
});
