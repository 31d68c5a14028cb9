/** Requirements of Node and the system. Imports next to nothing: if one is missing, more could not be loaded. */
import { openFilesLimit } from '../system/surroundings.ts';

/**
 * The modules of a command are opened all at once: 200 were too few for `run`, 256 were enough (Node 20.20,
 * 2026-11-26).
 */
const FILES_NEEDED = 256;

/** Commands that start processes. */
const STARTING = new Set(['run', 'tune', 'load', 'doctor', 'lessons', 'list']);
const ANSWERED_ANYWHERE = new Set(['--help', '-h', '--version', '-v']);

/** Sentence on what a command lacks here and how to fix it; undefined if nothing. @param args as the user gave them */
export function missingFor(args: readonly string[]): string | undefined {
  if (args.some((arg) => ANSWERED_ANYWHERE.has(arg))) return undefined;
  return missingFiles() ?? (STARTING.has(args[0] ?? '') ? missingPermission() : undefined);
}

function missingFiles(): string | undefined {
  const limit = openFilesLimit();
  if (limit === undefined || limit >= FILES_NEEDED) return undefined;
  return `Open-file limit ${limit} is too low: Lanewise needs ${FILES_NEEDED}. Raise it with "ulimit -n ${4 * FILES_NEEDED}".`;
}

function missingPermission(): string | undefined {
  // Undefined unless Node was started with --permission.
  const permission: NodeJS.ProcessPermission | undefined = process.permission;
  if (permission === undefined) return undefined;
  const missing = [
    ...(permission.has('child') ? [] : ['--allow-child-process']),
    ...(permission.has('worker') ? [] : ['--allow-worker']),
    // Newer than the types. Without it, processes do not start on Node 26.12.
    ...(process.allowedNodeEnvironmentFlags.has('--allow-net') && !permission.has('net') ? ['--allow-net'] : []),
  ];
  if (missing.length === 0) return undefined;
  return `Node’s permission model is on, but every configuration runs in its own process: add ${new Intl.ListFormat('en').format(missing)}, or leave out --permission.`;
}

/**
 * Sentence for a system error that names a missing permission or limit, wherever it occurs.
 *
 * @returns undefined for any other
 */
export function causeText(thrown: unknown): string | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const { code, permission, resource }: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(error));
    if (code === 'ERR_ACCESS_DENIED')
      return `Node’s permission model does not allow ${describePermission(permission, resource)}: allow it, or leave out --permission.`;
    if (code === 'EMFILE' || code === 'ENFILE')
      return 'Too many open files: raise the limit with "ulimit -n 4096", or measure fewer or smaller pools (-s, -p, -c).';
  }
  return undefined;
}

function describePermission(permission: unknown, resource: unknown): string {
  switch (permission) {
    case 'FileSystemRead':
      return `reading ${shown(resource)} (--allow-fs-read=*)`;
    case 'FileSystemWrite':
      return `writing to ${shown(resource)} (--allow-fs-write=*)`;
    case 'ChildProcess':
      return 'child processes (--allow-child-process)';
    case 'Net':
      return 'connections (--allow-net)';
    case 'WorkerThreads':
      return 'worker threads (--allow-worker)';
    default:
      return `what it needs (${String(permission)})`;
  }
}

function shown(resource: unknown): string {
  return typeof resource === 'string' && resource !== '' ? resource : 'files';
}
