import { thisRuntime, type RuntimeName } from '../../workers/this-runtime.ts';
import type { Runtime } from '../model/plan.ts';
import type { HostOptions } from './host.ts';

/** Arguments before the file. Deno asks for permission and keeps files of its own by default. */
const ARGUMENTS: Readonly<Record<RuntimeName, readonly string[]>> = {
  node: [],
  bun: [],
  deno: ['run', '--allow-all', '--no-lock', '--node-modules-dir=manual'],
};

/** How a host is started on a runtime. */
export function launchOf({ execPath, name, flags }: Runtime): Pick<HostOptions, 'execPath' | 'execArgv' | 'isForeign'> {
  const areNode = name === 'node' && thisRuntime().name === 'node';
  return {
    execPath,
    execArgv: [...ARGUMENTS[name], ...flags],
    // All versions of Node write a structured clone alike; those of the others, nobody has compared.
    isForeign: !areNode && execPath !== process.execPath,
  };
}
