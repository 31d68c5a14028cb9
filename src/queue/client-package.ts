import type * as Ioredis from 'ioredis';
import type * as Pg from 'pg';
import { installedPath, loadInstalled } from '../../workers/installed-package.ts';
import { LanewiseError } from '../model/errors.ts';

/** Clients of the servers, which users install with BullMQ. */
interface Clients {
  readonly ioredis: typeof Ioredis;
  readonly pg: typeof Pg;
}

/** @throws LanewiseError with the command that installs it */
export function checkClient(name: keyof Clients): void {
  if (installedPath(name) !== undefined) return;
  throw new LanewiseError('usage', `A queue needs the package ${name}: install it with "npm install ${name}".`);
}

/** Loads a client. @throws LanewiseError with the command that installs it */
export function requireClient<Name extends keyof Clients>(name: Name): Clients[Name] {
  checkClient(name);
  return loadInstalled(name) as Clients[Name];
}
