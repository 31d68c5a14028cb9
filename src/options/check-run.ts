import { LanewiseError } from '../model/errors.ts';
import { MEASURING } from './measuring.ts';
import { optionsOf, spelled, type ValuesOf } from './table.ts';

type Run = ValuesOf<'run'>;

/** @throws LanewiseError if other flags beside --resume ask for another run */
export function checkResuming(values: Run): void {
  if (values.resume === undefined) return;
  const given = new Set(Object.keys(values));
  const option = optionsOf('run').find(
    ([name]) => given.has(name) && (name === 'out' || (name !== 'timeLimitMs' && Object.hasOwn(MEASURING, name))),
  );
  if (option === undefined) return;
  const other = values.workloads?.[0] ?? spelled(...option);
  throw new LanewiseError(
    'usage',
    `--resume continues a run as it was asked for, and ${other} would ask for another: leave it out.`,
  );
}

/** @throws LanewiseError for flags that would do nothing, or would answer two questions with one status */
export function checkComparing({ resume, versus, versusRef, against, failOn, force }: Run): void {
  // What a run that is resumed is compared with, it knows itself.
  if (resume !== undefined) return;
  const isVersus = versus === true || versusRef !== undefined;
  if (isVersus && against !== undefined)
    throw new LanewiseError(
      'usage',
      'Give either --versus, --versus-ref or --against: the exit status can answer only one question.',
    );
  if (failOn !== undefined && !isVersus && against === undefined)
    throw new LanewiseError(
      'usage',
      '--fail-on sets when a comparison fails: it needs --versus, --versus-ref or --against.',
    );
  if (force === true && against === undefined)
    throw new LanewiseError('usage', '--force allows a comparison with a run of another machine: it needs --against.');
}
