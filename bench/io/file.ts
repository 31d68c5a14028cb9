import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InputContext, TaskContext } from '../../workers/contract.ts';
import { defineWorkload } from '../../workers/define-workload.ts';

interface Input {
  readonly name: string;
  readonly text: string;
}

export default defineWorkload({
  name: 'file',
  bound: 'io',
  description: "write, fsync, read and delete a file: libuv's thread pool does the waiting",
  params: { bytes: 16_384 },
  tasks: 24,
  input: ({ index, params }: InputContext): Input => ({
    name: `${index}.txt`,
    text: `${index} `.repeat(Number(params.bytes)).slice(0, Number(params.bytes)),
  }),
  setup: () => mkdtemp(join(tmpdir(), 'lanewise-file-')),
  task: async ({ name, text }: Input, { state }: TaskContext): Promise<string> => {
    const path = join(String(state), name);
    const file = await open(path, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    const read = await readFile(path, 'utf8');
    await rm(path);
    return read;
  },
  teardown: (folder: string) => rm(folder, { recursive: true, force: true }),
});
