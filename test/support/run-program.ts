import { execFile, type ChildProcess } from 'node:child_process';
import { inspect, promisify } from 'node:util';
import { onTestFinished, TestRunner } from 'vitest';

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

interface Ended extends Printed {
  /** Null: it was ended by a signal, or never started. */
  readonly status: number | null;
}

interface Surroundings {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Starts a program that ends by itself. If it still runs when its test has ended, as after a timeout, it is killed, and
 * what it printed until then is shown, which the test could not do.
 */
export function startProgram(
  command: string,
  args: readonly string[],
  surroundings: Surroundings = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const running = promisify(execFile)(command, args, { ...surroundings, maxBuffer: 2 ** 28 });
  const { child } = running;
  const ended = running.then(
    (printed) => ({ status: 0, ...printed }),
    ({ stdout, stderr }: Printed) => ({ status: child.exitCode, stdout, stderr }),
  );
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (text: string) => {
      printed[name] += text;
    });
  // In a hook for several tests there is none that it may not outlive.
  if (TestRunner.getCurrentTest() !== undefined)
    onTestFinished(() => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      process.stderr.write(`${outcomeText(command, args, 'was still running when its test ended', printed)}\n`);
    });
  return { child, ended };
}

/** Runs a program. @throws Error with all that it printed, unless its exit status is 0 */
export async function runProgram(
  command: string,
  args: readonly string[],
  surroundings?: Surroundings,
): Promise<Printed> {
  const { status, ...printed } = await startProgram(command, args, surroundings).ended;
  if (status !== 0) throw new Error(outcomeText(command, args, `ended with status ${status}`, printed));
  return printed;
}

function outcomeText(command: string, args: readonly string[], what: string, { stdout, stderr }: Printed): string {
  return `${inspect([command, ...args])} ${what}.\nstdout: ${stdout}\nstderr: ${stderr}`;
}
