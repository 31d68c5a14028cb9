import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { startLanewise, type Outcome } from './lanewise.js';

export interface Running {
  readonly child: ChildProcess;
  readonly outcome: Promise<Omit<Outcome, 'wallMs'>>;
  /** Resolves with the first group of the pattern once stderr has it. */
  readonly says: (pattern: RegExp) => Promise<string>;
}

export interface MachineSettings {
  /** Its folder is the working folder. */
  readonly machine: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A command that runs another. */
  readonly within?: readonly string[];
}

/** Starts commands of several machines, each in a folder of its own; those that still run are killed after each test. */
export function useMachines(folder: {
  readonly path: string;
}): (args: readonly string[], settings: MachineSettings) => Running {
  const started = new Set<ChildProcess>();
  afterEach(() => {
    for (const child of started) child.kill('SIGKILL');
    started.clear();
  });
  return (args, { machine, ...settings }) => {
    const cwd = join(folder.path, machine);
    mkdirSync(cwd, { recursive: true });
    const child = startLanewise(args, { cwd, ...settings });
    started.add(child);
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
        text[name] += chunk;
      });
    const outcome = once(child, 'close').then(([status]) => ({ status: status as number | null, ...text }));
    const says = async (pattern: RegExp): Promise<string> => {
      await expect.poll(() => text.stderr, { timeout: 60_000 }).toMatch(pattern);
      return pattern.exec(text.stderr)?.[1] ?? '';
    };
    return { child, outcome, says };
  };
}
