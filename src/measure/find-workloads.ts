import { existsSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { WorkloadRef } from '../../workers/contract.ts';
import type { DescribeReply, DescribeRequest, WorkloadClaims } from '../../workers/describe.ts';
import { LanewiseError, oneLine } from '../errors.ts';
import type { FoundWorkload, WorkloadPlace } from '../model.ts';
import { openWorkerProcess, ProcessFailure } from './worker-process.ts';

/** A module may do something on import, but not for ever. */
const IMPORT_TIMEOUT_MS = 10_000;

/**
 * Finds each module and asks it, in a process of its own, what it says of itself.
 *
 * @throws LanewiseError for the first that is missing, does not load or is no workload
 */
export async function findWorkloads(places: readonly WorkloadPlace[]): Promise<readonly FoundWorkload[]> {
  const modules = places.map(locate);
  const claims = await describe(modules);
  return modules.map((module, index) => {
    const found = claims[index];
    if (found === undefined) throw new LanewiseError('internal', `${module.source} was not described.`);
    return { ...module, claims: found };
  });
}

/** The fields of a workload are checked by the planner; here only that an answer is one. */
function isDescription(message: unknown): message is DescribeReply {
  if (!isObject(message)) return false;
  const { claims, error } = message;
  if (isObject(error)) return typeof error.name === 'string' && typeof error.message === 'string';
  return isObject(claims) && typeof claims.takesInput === 'boolean' && Array.isArray(claims.unknownFields);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

type Located = Omit<FoundWorkload, 'claims'>;

function locate(place: WorkloadPlace): Located {
  if (place.kind === 'shipped') {
    const url = new URL(`../../bench/${place.module}`, import.meta.url);
    return { ref: { url: url.href }, source: 'shipped', fallbackName: place.name };
  }
  const path = place.path.startsWith('file:') ? fileURLToPath(place.path) : resolve(place.path);
  if (!existsSync(path))
    throw new LanewiseError(
      'input',
      `There is no file ${place.path}: give the path of a module that exports a workload, or a name that "lanewise list" shows.`,
    );
  if (statSync(path).isDirectory())
    throw new LanewiseError(
      'input',
      `${place.path} is a folder: give the path of the module in it that exports the workload.`,
    );
  if (extname(path) === '.json')
    throw new LanewiseError(
      'input',
      `${place.path} is JSON, not a module: give the path of a module that exports a workload.`,
    );
  const source = basename(path);
  return { ref: { url: pathToFileURL(path).href }, source, fallbackName: basename(path, extname(path)) };
}

/** One process for all: a module that ends it, or never settles, is the first one without an answer. */
async function describe(modules: readonly Located[]): Promise<readonly WorkloadClaims[]> {
  const process = openWorkerProcess<DescribeRequest, DescribeReply>('describe.js', { isReply: isDescription });
  try {
    process.send({ refs: modules.map(({ ref }): WorkloadRef => ref) });
    const claims: WorkloadClaims[] = [];
    for (const { ref, source, fallbackName } of modules) {
      const name = source === 'shipped' ? fallbackName : source;
      const reply = await process.next(IMPORT_TIMEOUT_MS).catch((cause: unknown) => {
        throw new LanewiseError(
          'input',
          `The workload ${name} cannot be loaded: on import ${cause instanceof ProcessFailure ? cause.message : String(cause)}.`,
          { cause },
        );
      });
      if ('error' in reply) throw new LanewiseError('input', sentenceFor(name, ref, reply.error));
      claims.push(reply.claims);
    }
    return claims;
  } finally {
    process.kill();
    await process.end();
  }
}

function sentenceFor(
  name: string,
  ref: WorkloadRef,
  error: { readonly name: string; readonly message: string },
): string {
  if (
    /\.[cm]?tsx?$/.test(ref.url) &&
    /Unknown file extension|Unexpected token|Unexpected identifier|Missing initializer/.test(error.message)
  ) {
    return `The workload ${name} is TypeScript, which Node ${process.version} does not run: use Node 22.18 or later, or compile it to JavaScript first.`;
  }
  const remedy = 'it must export the task function, or an object with a `task`, as its default export';
  if (error.name === 'NotAWorkloadError') return `The module ${name} is no workload: ${error.message}; ${remedy}.`;
  return `The workload ${name} cannot be loaded: on import it threw ${error.name}: ${oneLine(error.message)}.`;
}
