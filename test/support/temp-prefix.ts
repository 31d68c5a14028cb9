import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the names of the temporary folders of this run begin, a folder for every process that runs tests. */
    tempPrefix: string;
  }
}

/** Short, since paths of sockets have an upper limit. @returns what removes the folders when all tests have ended */
export default function nameTempFolders({ provide }: TestProject): () => void {
  const name = `t${process.pid.toString(36)}-`;
  const parent = tmpdir();
  provide('tempPrefix', join(parent, name));
  return () => {
    for (const folder of readdirSync(parent).filter((entry) => entry.startsWith(name)))
      rmSync(join(parent, folder), { recursive: true, force: true });
  };
}
