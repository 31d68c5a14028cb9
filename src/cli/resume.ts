import { LanewiseError } from '../errors.ts';
import type { Environment, Results } from '../model.ts';
import { duration } from '../report/numbers.ts';
import { listOf, textOf, type Args } from './args.ts';
import type { BegunJournal, Comparing } from './journal.ts';
import { RUN_FLAGS } from './run-flags.ts';

/** What may be said anew of a run that is gone on with. */
const ALSO_RESUMING = new Set(['resume', 'time-limit', 'against', 'fail-on', 'force']);

/** @throws LanewiseError if other flags beside --resume ask for another run */
export function checkResuming(args: Args): void {
  if (textOf(args, 'resume') === undefined) return;
  const flag = [...Object.keys(RUN_FLAGS), 'out']
    .filter((name) => !ALSO_RESUMING.has(name))
    .find((name) => args[name] !== undefined);
  const other = listOf(args, 'workload')?.[0] ?? (flag && `--${flag}`);
  if (other === undefined) return;
  throw new LanewiseError(
    'usage',
    `--resume goes on with a run as it was asked for, and ${other} would ask for another: leave it out.`,
  );
}

/** The run to be gone on with. @throws LanewiseError if there is none */
export async function readBegun(args: Args, environment: Environment): Promise<BegunJournal | undefined> {
  const folder = textOf(args, 'resume');
  if (folder === undefined) return undefined;
  const { readJournal } = await import('./read-journal.ts');
  return readJournal(folder, environment);
}

/** What the run is to be compared with: as it was begun, unless it is said anew. */
export function comparingOf(args: Args, begun: BegunJournal | undefined): Comparing {
  const [against, failOn] = [textOf(args, 'against'), textOf(args, 'failOn')];
  return {
    ...begun?.comparing,
    ...(against !== undefined && { against }),
    ...(failOn !== undefined && { failOn }),
  };
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
