import { describe, expect, it } from 'vitest';
import { checkSafe } from '../../dist/src/measure/safe-server.js';

describe('the server over which machines join', () => {
  it.each(['redis://localhost', 'redis://127.0.0.1:6379', 'redis://[::1]:6379', 'redis://:secret@127.9.9.9'])(
    'may be plain on this machine: %s',
    (url) => expect(() => checkSafe(url, '--queue-url')).not.toThrow(),
  );

  it('needs TLS and a password beyond it, and each that is missing is named', () => {
    const secret = 'hunter2';
    expect(() => checkSafe(`rediss://:${secret}@10.0.0.1`, '--join')).not.toThrow();
    expect(() => checkSafe(`redis://:${secret}@10.0.0.1`, '--join')).toThrow(/--join: .*needs TLS \(rediss:\/\/\)\. /);
    expect(() => checkSafe('rediss://10.0.0.1', '--queue-url')).toThrow(/--queue-url: .*needs a password\. /);
    expect(() => checkSafe('redis://10.0.0.1', '--join')).toThrow(/TLS \(rediss:\/\/\) and a password/);
  });

  it('may be plain in a trusted network, if that is said', () => {
    expect(() => checkSafe('redis://10.0.0.1', '--join', true)).not.toThrow();
  });

  it('is never taken for this machine because its name begins like it', () => {
    for (const host of ['localhost.example.com', '127.0.0.1.example.com', '10.127.0.1'])
      expect(() => checkSafe(`redis://${host}`, '--join')).toThrow(/needs TLS/);
  });

  it('is a Redis or Valkey', () => {
    expect(() => checkSafe('postgres://localhost/x', '--queue-url')).toThrow(/over Redis or Valkey/);
    expect(() => checkSafe('nothing', '--join')).toThrow(/Invalid --join/);
  });

  it('is refused without its address', () => {
    expect(() => checkSafe('redis://:hunter2@10.0.0.1', '--join')).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/hunter2|10\.0\.0\.1/) as string }) as Error,
    );
  });
});
