import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { LanewiseError } from '../model/errors.ts';
import type { Environment, Results } from '../model/results.ts';
import { duration } from '../report/numbers.ts';
import { listOf, textOf, type Args } from '../options/args.ts';
import type { BegunJournal, Comparing } from './journal.ts';
import { isFolder } from './read-results.ts';
import { RUN_FLAGS } from '../options/run-flags.ts';

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
    `--resume continues a run as it was asked for, and ${other} would ask for another: leave it out.`,
  );
}

/** With the report folder in place of a file in it, which is as well given. */
export function withResumedFolder(args: Args): Args {
  const given = textOf(args, 'resume');
  if (given === undefined || isFolder(given) || !existsSync(given)) return args;
  return { ...args, resume: dirname(given) };
}

/** The run to be resumed. @throws LanewiseError if there is none */
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

/** What is printed at the end of a run that was interrupted. */
export function howToResume({ options }: Results, wasInterrupted: boolean, path: string): string {
  const why = wasInterrupted ? 'Interrupted' : `The time limit of ${duration(options.timeLimitMs ?? 0)} was reached`;
  return `${why}: what was measured is saved. "lanewise run --resume ${path}" measures the rest.`;
}
