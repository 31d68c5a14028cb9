import { describe, expect, it } from 'vitest';
import { childEnvironment, isWithheld, readInherited } from '../../dist/src/system/inherited.js';

const inherited = (env: NodeJS.ProcessEnv) => readInherited(env, []);

describe('the environment of hosts', () => {
  it.each([
    ['--inspect', ''],
    ['--inspect=127.0.0.1:9229 --max-old-space-size=512', '--max-old-space-size=512'],
    ['--inspect-port 9230 --no-warnings', '--no-warnings'],
    ['--inspect-port=9230 --no-warnings', '--no-warnings'],
    ['--inspect_brk --debug-port=0 --inspect-wait --inspect-publish-uid=http', ''],
    ['--watch --watch-path ./src --stack-trace-limit=5', '--stack-trace-limit=5'],
    [String.raw`--require "/home/a b/\"x\".js" --inspect`, String.raw`--require "/home/a b/\"x\".js"`],
  ])('hosts do not inherit flags of debuggers and watchers in NODE_OPTIONS: %s', (given, expected) => {
    expect(childEnvironment({ NODE_OPTIONS: given }).NODE_OPTIONS).toBe(expected);
  });

  it('hosts inherit the environment unchanged without a debugger', () => {
    const env = { NODE_OPTIONS: '  --require   ./a.js ', A: 'b' };
    expect(childEnvironment(env)).toEqual(env);
  });

  it('hosts do not inherit variables of debuggers', () => {
    expect(childEnvironment({ VSCODE_INSPECTOR_OPTIONS: '{}', WATCH_REPORT_DEPENDENCIES: '1', A: 'b' })).toEqual({
      A: 'b',
    });
  });

  it('results record names and numbers of the environment, never a path or another text', () => {
    const { nodeFlags, withheldFlags } = inherited({
      NODE_OPTIONS:
        '-r /home/me/secret.js --import=./own.mjs --max_old_space_size=4096 --conditions acme --inspect=host:1 --heapsnapshot-signal=SIGUSR2 --dns-result-order ipv4first',
    });
    expect(nodeFlags).toEqual([
      '--require',
      '--import',
      '--max-old-space-size=4096',
      '--conditions',
      '--heapsnapshot-signal',
      '--dns-result-order',
    ]);
    expect(withheldFlags).toEqual(['--inspect']);
    expect(JSON.stringify({ nodeFlags, withheldFlags })).not.toMatch(/home|secret|acme|host|own/);
  });

  it('results record the debugger flags of this process as withheld', () => {
    expect(readInherited({}, ['--inspect-brk=9', '--no-warnings']).withheldFlags).toEqual(['--inspect-brk']);
  });

  it.each([
    [undefined, null],
    ['1', 1],
    ['16', 16],
    ['0', 1],
    ['', 1],
    ['many', 1],
    ['8 threads', 8],
    ['99999', 1024],
    ['-1', 1024],
  ])('UV_THREADPOOL_SIZE is parsed as libuv does: %j', (given, expected) => {
    expect(inherited(given === undefined ? {} : { UV_THREADPOOL_SIZE: given }).uvThreads).toBe(expected);
  });

  it('results record variables that change results, with "set" in place of a text', () => {
    expect(
      inherited({
        NODE_ENV: 'production',
        LD_PRELOAD: '/opt/me/libjemalloc.so',
        MALLOC_ARENA_MAX: '2',
        VIPS_CONCURRENCY: '4',
        NODE_EXTRA_CA_CERTS: '/home/somebody/ca.pem',
        NODE_DEBUG: '',
        PATH: '/home/me/bin',
      }).variables,
    ).toEqual({
      NODE_ENV: 'production',
      LD_PRELOAD: 'set',
      MALLOC_ARENA_MAX: 2,
      VIPS_CONCURRENCY: 4,
      NODE_EXTRA_CA_CERTS: 'set',
    });
    expect(inherited({ NODE_ENV: 'of-acme' }).variables).toEqual({ NODE_ENV: 'set' });
  });

  it.each([
    ['--inspect', true],
    ['--inspect-brk=0', true],
    ['--watch', true],
    ['--max-semi-space-size=64', false],
    ['--inspector', false],
  ])('--node-option accepts any flag but those of debuggers: %s', (flag, expected) => {
    expect(isWithheld(flag)).toBe(expected);
  });
});
