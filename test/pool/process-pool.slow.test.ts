import { expect, it, onTestFinished } from 'vitest';
import { ProcessPool } from '../../dist/src/pool.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

it('a pool gives up on a file that fails however long it takes to load', async () => {
  // Longer than a process is to live without a task, so that its end is no failed start.
  const source = 'await new Promise((done) => setTimeout(done, 10_500)); throw new Error("too late");';
  const pool = new ProcessPool({ filename: await folder.module(source), processes: 3 });
  onTestFinished(() => pool.destroy());
  await expect(pool.run(1)).rejects.toMatchObject({
    code: 'ERR_POOL_START',
    message: expect.stringContaining('too late'),
  });
}, 60_000);
