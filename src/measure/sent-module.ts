/** A workload's module as machines name it to each other: each has its own copy, and the checksums must be equal. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { WorkloadRef } from '../../workers/contract.ts';
import { LanewiseError } from '../model/errors.ts';
import type { SentModule } from '../model/plan.ts';
import { withLoaders } from './locate-module.ts';
import { pathBelow } from './path-below.ts';

const SHIPPED = fileURLToPath(new URL('../../bench', import.meta.url));

/** @param folder what is below it can be sent @throws LanewiseError for any other module */
export function sentModule({ url, exportName, workerData }: WorkloadRef, folder: string): SentModule {
  const file = fileURLToPath(url);
  if (workerData !== undefined)
    throw new LanewiseError('usage', '--machines sends no workerData: measure without --worker-data.');
  const rest = { sha256: sha256(file), ...(exportName !== undefined && { exportName }) };
  const shipped = pathBelow(SHIPPED, file);
  if (shipped !== undefined) return { place: 'shipped', path: shipped, ...rest };
  const path = pathBelow(folder, file);
  if (path !== undefined) return { place: 'shared', path, ...rest };
  throw new LanewiseError(
    'usage',
    '--machines can measure modules below the working folder only: the other machine looks for the same path below its --modules.',
  );
}

/**
 * Finds this machine's copy of a module.
 *
 * @param folder the only one, beside Lanewise's own, in which it is looked for
 * @throws LanewiseError if there is none, or if it differs
 */
export function ownCopyOf({ place, path, exportName, sha256: due }: SentModule, folder: string): WorkloadRef {
  const base = place === 'shipped' ? SHIPPED : folder;
  const file = resolve(base, path);
  if (!existsSync(file) || pathBelow(base, file) === undefined)
    throw new LanewiseError('input', `There is no file ${path} below --modules: copy it there, or give its folder.`);
  if (sha256(file) !== due)
    throw new LanewiseError(
      'input',
      `${path} differs between the two machines: copy it again, so that both measure the same code.`,
    );
  return { ...withLoaders(pathToFileURL(file).href), ...(exportName !== undefined && { exportName }) };
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
