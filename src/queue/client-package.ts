import { createRequire } from 'node:module';
import type * as Bullmq from 'bullmq';
import type * as Ioredis from 'ioredis';
import type * as Pg from 'pg';
import { pathToFileURL } from 'node:url';
import { workingFolder } from '../../workers/own-folders.ts';
import { LanewiseError } from '../model/errors.ts';

/** Packages of a queue that Lanewise itself does not bring. */
interface Clients {
  readonly bullmq: typeof Bullmq;
  readonly ioredis: typeof Ioredis;
  readonly pg: typeof Pg;
}

/** Where packages are looked for: beside Lanewise, then in the user's project. */
export function basesOfPackages(): readonly string[] {
  const here = import.meta.url;
  return workingFolder === undefined ? [here] : [here, pathToFileURL(`${workingFolder}/package.json`).href];
}

/** Loads a package. @throws LanewiseError with the command that installs it */
export function requireClient<Name extends keyof Clients>(name: Name): Clients[Name] {
  for (const base of basesOfPackages()) {
    const load = createRequire(base);
    try {
      load.resolve(name);
    } catch {
      continue;
    }
    return load(name) as Clients[Name];
  }
  throw new LanewiseError('usage', `A queue needs the package ${name}: install it with "npm install ${name}".`);
}
