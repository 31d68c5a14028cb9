import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

describe.runIf(process.platform === 'linux')('the address of a queue’s server', () => {
  it.each([(url: string) => [`--queue-url=${url}`], (url: string) => ['--queueUrl', url]])(
    'is hidden from those who list the processes, however it is written',
    async (flagsOf) => {
      // It answers nothing, so the command waits for it.
      const silent = createServer().listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const connected = once(silent, 'connection');
      const { port } = silent.address() as AddressInfo;
      const flags = flagsOf(`redis://:secret@127.0.0.1:${port}`);
      const child = spawn(process.execPath, [MAIN, 'run', 'primes', '-s', 'bullmq', ...flags], { stdio: 'ignore' });
      try {
        await Promise.race([connected, once(child, 'exit')]);
        expect(child.exitCode).toBeNull();
        const commandLine = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8');
        expect(commandLine).toContain('lanewise');
        expect(commandLine).not.toContain('secret');
      } finally {
        child.kill('SIGKILL');
        silent.close();
      }
    },
  );
});
