/** Runs programs in Windows' own Node under Wine; its times say nothing, since all is slower there. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { processesWith } from '../../dist/scripts/reliability/processes.js';

const START = windowsPath(fileURLToPath(new URL('../windows/setup/start.cjs', import.meta.url)));
const MAIN = windowsPath(fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url)));

const setup = inject('wine');
export const hasWine = setup.missing === undefined;

/** Wine has all of this system on a drive of its own. */
export function windowsPath(path: string): string {
  return `Z:${path.replaceAll('/', '\\')}`;
}

export interface WineProcess {
  /** Its id is that of the process of Windows, too, for this system. */
  readonly child: ChildProcess;
  readonly ended: Promise<{
    readonly status: number | string | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;
  /** Command lines of Node's processes that it has started, with their ids. */
  readonly processes: () => readonly string[];
}

let started = 0;

/** Starts the built command in a folder, with a temporary folder in it. Its output is a file: Wine's Node accepts no pipe. */
export function startUnderWine(args: readonly string[], folder: string, file = MAIN): WineProcess {
  if (setup.missing !== undefined) throw new Error(setup.missing);
  const mark = randomUUID();
  const output = join(folder, `output-${(started += 1)}`);
  const temporary = join(folder, 'Temp ü');
  mkdirSync(temporary, { recursive: true });
  const descriptors = [openSync(output, 'w'), openSync(`${output}-errors`, 'w')] as const;
  const child = spawn('wine', [setup.node, START, windowsPath(temporary), file, ...args], {
    cwd: folder,
    env: { ...process.env, ...setup.env, MARK: mark, LANEWISE_ALLOW_BUSY: '1', NO_COLOR: '1' },
    stdio: ['ignore', ...descriptors],
  });
  for (const descriptor of descriptors) closeSync(descriptor);
  const stdout = (): string => readFileSync(output, 'utf8');
  const stderr = (): string => readFileSync(`${output}-errors`, 'utf8');
  const ended = once(child, 'exit').then(([code, signal]) => ({
    status: (code ?? signal) as number | string | null,
    stdout: stdout(),
    stderr: stderr(),
  }));
  return {
    child,
    ended,
    processes: () => processesWith(mark).filter((line) => line.includes('node.exe')),
  };
}

/** Runs the built command to its end. */
export function underWine(args: readonly string[], folder: string): WineProcess['ended'] {
  return startUnderWine(args, folder).ended;
}
