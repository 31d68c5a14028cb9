/** Runs the built command in Windows' own Node under Wine; its times say nothing, since all is slower there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

const MAIN = windowsPath(fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url)));

const setup = inject('wine');
export const hasWine = setup.missing === undefined;

/** Wine has all of this system on a drive of its own. */
export function windowsPath(path: string): string {
  return `Z:${path.replaceAll('/', '\\')}`;
}

export interface WineOutcome {
  readonly status: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, in a folder. Its output is a file there: Wine's Node accepts no pipe. */
export async function underWine(args: readonly string[], folder: string): Promise<WineOutcome> {
  if (setup.missing !== undefined) throw new Error(setup.missing);
  const files = [join(folder, 'stdout'), join(folder, 'stderr')] as const;
  const descriptors = files.map((file) => openSync(file, 'w'));
  try {
    const child = spawn('wine', [setup.node, MAIN, ...args], {
      cwd: folder,
      env: { ...process.env, ...setup.env, NO_COLOR: '1' },
      stdio: ['ignore', ...descriptors],
    });
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    const [stdout, stderr] = [readFileSync(files[0], 'utf8'), readFileSync(files[1], 'utf8')];
    return { status: code ?? signal, stdout, stderr };
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}
