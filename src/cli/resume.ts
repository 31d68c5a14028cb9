import { LanewiseError } from '../errors.ts';
import type { Environment, Results } from '../model.ts';
import { duration } from '../report/numbers.ts';
import { listOf, textOf, type Args } from './args.ts';
import type { BegunJournal } from './journal.ts';
import { RUN_FLAGS } from './run-flags.ts';

/** What may be said anew of a run that is gone on with. */
const ALSO_RESUMING = new Set(['resume', 'time-limit']);

/** The run to be gone on with. @throws LanewiseError if there is none, or other flags ask for another one */
export async function readBegun(args: Args, environment: Environment): Promise<BegunJournal | undefined> {
  const folder = textOf(args, 'resume');
  if (folder === undefined) return undefined;
  const other =
    listOf(args, 'workload')?.[0] ??
    [...Object.keys(RUN_FLAGS), 'out']
      .filter((flag) => !ALSO_RESUMING.has(flag))
      .find((flag) => args[flag] !== undefined);
  if (other !== undefined) {
    const name = other in RUN_FLAGS || other === 'out' ? `--${other}` : other;
    throw new LanewiseError(
      'usage',
      `--resume goes on with a run as it was asked for, and ${name} would ask for another: leave it out.`,
    );
  }
  const { readJournal } = await import('./read-journal.ts');
  return readJournal(folder, environment);
}

/** What is said at the end of a run that was cut off. */
export function howToGoOn({ options }: Results, wasInterrupted: boolean, path: string): string {
  const why = wasInterrupted ? 'Interrupted' : `The time limit of ${duration(options.timeLimitMs ?? 0)} was reached`;
  return `${why}: these are the blocks measured until then. "lanewise run --resume ${path}" goes on with the rest.`;
}

export function tellKept(kept: string | undefined, note: (text: string) => void): void {
  if (kept !== undefined)
    note(`There was a run that had not been finished: it is in ${kept} now, to be gone on with by --resume ${kept}.`);
}
