import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  // Runs one of the programs below in its own Node process and, given
  // `seconds`, stops it that long after its first output.
  async task({ program, seconds }, { params }) {
    const file = fileURLToPath(
      new URL(`start-the-loop/${program}.js`, import.meta.url),
    );
    const child = spawn(process.execPath, [file, String(params.unit)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    let printed = '';
    child.stdout
      .setEncoding('utf8')
      .on('data', (text: string) => (printed += text));
    if (seconds !== undefined) {
      await Promise.race([once(child.stdout, 'data'), ended]);
      await sleep(seconds * params.unit);
      child.kill('SIGINT');
    }
    await ended;
    return { code: child.exitCode, lines: printed.trim().split('\n') };
  },

  async experiment({ start }) {
    const run = await start({ program: 'run' });
    const untilComplete = await start({ program: 'run-until-complete' });
    // On Windows, one program cannot send Ctrl-C to another.
    const forever =
      process.platform === 'win32'
        ? undefined
        : await start({ program: 'run-forever', seconds: 2 });
    return { run, untilComplete, forever };
  },
} satisfies LessonCode<{ program: string; seconds?: number }, Ending>;

/** Exit code and printed lines. */
export interface Ending {
  readonly code: number | null;
  readonly lines: readonly string[];
}
