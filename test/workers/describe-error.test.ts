import { execFileSync } from 'node:child_process';
import vm from 'node:vm';
import { tmpdir } from 'node:os';
import { sep } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LaneEndedError, lostReply } from '../../dist/src/lanes/lane-ended-error.js';
import { errorText } from '../../dist/src/report/names.js';
import {
  callHook,
  describeError,
  errorFrom,
  dispatchError,
  plainText,
  withoutOwnFolders,
} from '../../dist/workers/describe-error.js';

const outer = (cause: unknown): Error => new Error('outer', { cause });

describe('the causes of an error', () => {
  it('are described from the nearest to the farthest, whatever was thrown', () => {
    expect(describeError(outer(new TypeError('middle', { cause: 'a text' }))).causes).toEqual([
      { name: 'TypeError', message: 'middle' },
      { name: 'Thrown', message: 'a text' },
    ]);
    expect(describeError(new Error('alone'))).not.toHaveProperty('causes');
  });

  it('end at a cycle, and after five', () => {
    const circle = outer(undefined);
    circle.cause = new Error('back', { cause: circle });
    expect(describeError(circle).causes).toEqual([{ name: 'Error', message: 'back' }]);
    const long = Array.from({ length: 9 }).reduce<Error>(
      (cause, _, index) => new Error(`${index}`, { cause }),
      outer(0),
    );
    expect(describeError(long).causes).toHaveLength(5);
  });

  it('include the first errors of an AggregateError, truncated', () => {
    const list = Array.from({ length: 9 }, (_, index) => new Error(`${index}${'x'.repeat(9999)}`));
    const { errors, causes } = describeError(outer(new AggregateError(list, 'all failed')));
    expect(causes).toEqual([{ name: 'AggregateError', message: 'all failed' }]);
    expect(errors).toHaveLength(5);
    expect(errors?.[0]?.message).toHaveLength(500);
  });

  it('have the words of objects that packages list, or throw, in place of Errors', () => {
    const listed = Object.assign(new Error('2 errors'), { errors: [{ id: '', text: 'no }' }, { line: 2 }] });
    expect(describeError(listed).errors).toEqual([
      { name: 'Thrown', message: 'no }' },
      { name: 'Thrown', message: '{ line: 2 }' },
    ]);
    expect(describeError({ code: 'E_X', message: 'plain' }).message).toBe('plain was thrown, which is not an Error');
    expect(describeError({ code: 'E_X', at: 2n }).message).toBe(
      "{ code: 'E_X', at: 2n } was thrown, which is not an Error",
    );
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(describeError(circle).message).toContain('self: [Circular');
  });

  it('are omitted if they cannot be read', () => {
    const hostile = Object.defineProperties(new Error('hostile'), {
      cause: {
        get: () => {
          throw new Error('a getter that throws');
        },
      },
      errors: { get: () => [{}, Object.create(null), null] },
    });
    expect(describeError(hostile)).toMatchObject({ name: 'Error', message: 'hostile' });
    expect(describeError(hostile).errors?.[1]).toEqual({ name: 'Thrown', message: '[Object: null prototype] {}' });
  });

  it('are read from an error of another realm, which is not an instance of this Error', () => {
    const foreign: unknown = vm.runInNewContext('new TypeError("foreign", { cause: new Error("why") })');
    expect(describeError(foreign)).toMatchObject({
      name: 'TypeError',
      message: 'foreign',
      causes: [{ name: 'Error', message: 'why' }],
    });
  });

  it('are kept by an error that stands for another one', async () => {
    const causes = [{ name: 'Error', message: 'why' }];
    const ofHook = callHook('setup', () => Promise.reject(outer(new Error('why'))));
    expect(describeError(await ofHook.catch((thrown: unknown) => thrown)).causes).toEqual(causes);
    expect(lostReply(new LaneEndedError(0, { name: 'Error', message: 'lost', causes })).error.causes).toEqual(causes);
  });

  it('follow the error in reports', () => {
    expect(errorText(describeError(outer(new AggregateError([new Error('one')], 'all'))))).toBe(
      'Error: outer (caused by AggregateError: all; error 1 in it Error: one)',
    );
  });
});

describe('an error that was described elsewhere', () => {
  it('keeps its description when it becomes an Error again', () => {
    const described = {
      name: 'RangeError',
      message: 'too much',
      stack: 'RangeError: too much\n    at work.mjs:1:1',
      causes: [{ name: 'TypeError', message: 'deeper' }],
      errors: [{ name: 'Error', message: 'one of many' }],
    };
    expect(describeError(errorFrom(described))).toEqual(described);
    expect(errorFrom(described)).toBeInstanceOf(Error);
  });
});

describe('secrets and folders of the user in an error', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('are removed from its description: passwords in URLs, and values of variables with names of secrets', () => {
    vi.stubEnv('MY_TOKEN', 'tok-12345');
    vi.stubEnv('DB_PASSWORD', 'swordfish');
    const thrown = new Error('connect to https://user:S3cretPw@db/x with token tok-12345 failed', {
      cause: new Error('swordfish'),
    });
    const described = describeError(thrown);
    expect(described.message).toBe('connect to https://***@db/x with token *** failed');
    expect(described.causes).toEqual([{ name: 'Error', message: '***' }]);
    expect(JSON.stringify(described)).not.toMatch(/S3cretPw|tok-12345|swordfish/);
    expect(describeError('swordfish').message).toBe('"***" was thrown, which is not an Error');
  });

  it('are known from the start of the process, even if the variable is deleted', () => {
    const program = `import { plainText } from ${JSON.stringify(new URL('../../dist/workers/describe-error.js', import.meta.url).href)};
      delete process.env.MY_TOKEN; process.env.LATE_TOKEN = 'tok-later'; console.log(plainText('tok-12345, tok-later'));`;
    const described = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, MY_TOKEN: 'tok-12345' },
    });
    expect(described.toString()).toBe('***, ***\n');
  });

  it('are removed completely where a long text is truncated', () => {
    vi.stubEnv('MY_TOKEN', 'tok-12345');
    for (const before of [1990, 1995, 1999]) expect(plainText(`${'x'.repeat(before)}tok-12345`)).not.toContain('tok');
  });

  it('include a folder only where a path can begin', () => {
    const folder = `${tmpdir()}${sep}`;
    expect(withoutOwnFolders(`${folder}a, "${folder}b" http://host${folder}c`)).toBe(`a, "b" http://host${folder}c`);
  });
});

describe('a task that cannot be dispatched', () => {
  it('fails with a sentence about its input if that cannot be cloned, otherwise with the thrown error', () => {
    const thrown = (() => {
      try {
        return structuredClone(() => 1);
      } catch (error) {
        return error;
      }
    })();
    expect(dispatchError(thrown)).toMatchObject({
      name: 'DataCloneError',
      message: expect.stringMatching(/^the input of the task cannot be cloned for another thread or process: /),
    });
    const other = new Error('the channel is closed');
    expect(dispatchError(other)).toBe(other);
  });
});
