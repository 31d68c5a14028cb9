import { lstatSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ModuleRef } from '../../workers/contract.ts';
import { within } from '../../workers/deferred.ts';
import { describeError } from '../../workers/describe-error.ts';
import { defaultExport, importModule, type Module } from '../../workers/import-module.ts';
import { thisLoader } from '../../workers/this-runtime.ts';
import { EXIT_STATUS, LanewiseError, didYouMean } from '../model/errors.ts';
import { oneLine } from '../model/text.ts';
import { formatRemedy, neededLoaders, whyNotLoaded, withLoaders } from '../measure/locate-module.ts';
import { parseJson, readForeign, systemWords, whyNotTrusted } from '../system/foreign-file.ts';
import { isObject } from './option.ts';
import { checkValues } from './values.ts';
import type { ValuesOf } from './table.ts';

const NAMES = ['lanewise.config.js', 'lanewise.config.mjs', 'lanewise.config.ts', 'lanewise.config.json'];

/** Checked settings of a file or a suite. */
export interface Configured {
  readonly run: ValuesOf<'run'>;
  /** Settings that only `load` has, or has otherwise. */
  readonly load: ValuesOf<'load'>;
}

/** A configuration file and its settings; those beside the suites are its own. */
export interface FoundConfig extends Configured {
  readonly path: string;
  readonly suites: Readonly<Record<string, Configured>>;
}

/**
 * Finds and loads the nearest configuration file, in this folder or one above it; undefined if there is none.
 *
 * @throws LanewiseError for an invalid setting, or a file that another user could have put there
 */
export async function findConfig(folder: string): Promise<FoundConfig | undefined> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const found = NAMES.map((name) => join(at, name)).filter(isThere);
    const [path, other] = found;
    if (path !== undefined && other !== undefined)
      throw new LanewiseError('input', `Both ${basename(path)} and ${basename(other)} are in ${at}: keep one of them.`);
    if (path !== undefined) {
      refuseUntrusted(path);
      return { path, ...checked(await load(path), path) };
    }
    if (dirname(at) === at) return undefined;
  }
}

/** Also a link to nowhere, which was meant to be one. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A folder above that this user may not search.
    return false;
  }
}

/** Refuses a file that another user could have put in a folder above, since loading it runs its code. */
function refuseUntrusted(path: string): void {
  const why = trustOf(path);
  if (why === undefined) return;
  throw new LanewiseError('input', `${path} ${why.problem}, so it is not used. ${why.remedy}; --no-config ignores it.`);
}

function trustOf(path: string): ReturnType<typeof whyNotTrusted> {
  try {
    return whyNotTrusted(path);
  } catch (thrown) {
    return { problem: `cannot be read (${systemWords(thrown)})`, remedy: 'Remove it, or restore what it links to' };
  }
}

async function load(path: string): Promise<unknown> {
  if (extname(path) === '.json') {
    const parsed = parseJson(readForeign(path, 'It must contain an object.').toString());
    if ('value' in parsed) return parsed.value;
    throw new LanewiseError('input', `${basename(path)} ${parsed.problem}.`);
  }
  const ref = withLoaders(pathToFileURL(path).href);
  const loaded = watchLoading(basename(path));
  try {
    return await within(imported(ref).then(defaultExport), LONGEST_LOADING_S * 1000, endless);
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(describeError(cause).message);
    const why =
      whyNotLoaded(ref, error, thisLoader()) ??
      `cannot be loaded: ${oneLine(error.message).replace(/\.$/, '')}.${formatRemedy(error)}`;
    throw new LanewiseError('input', `${basename(path)} ${why}`, { cause });
  } finally {
    loaded();
  }
}

/** It runs in this process: what it prints is none of the results, and if it ends the process, nothing else would say so. */
function watchLoading(name: string): () => void {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  /** An uncaught error is reported as such. */
  let hasThrown = false;
  const noteThrown = (): void => {
    hasThrown = true;
  };
  const explain = (status: number): void => {
    if (status === EXIT_STATUS.interrupted || hasThrown) return;
    stderr.write(`lanewise: ${name} cannot be loaded: on import it ended the process with exit code ${status}.\n`);
    process.exitCode = EXIT_STATUS.input;
  };
  process.on('uncaughtExceptionMonitor', noteThrown);
  process.prependListener('exit', explain);
  return () => {
    stdout.write = write;
    process.off('exit', explain);
    process.off('uncaughtExceptionMonitor', noteThrown);
  };
}

/** Imports it, and again with the loaders that it needs, if it has any. */
async function imported(ref: ModuleRef): Promise<Module> {
  try {
    return await importModule(ref);
  } catch (thrown) {
    const again = thrown instanceof Error ? neededLoaders(ref, thrown) : undefined;
    if (again === undefined) throw thrown;
    // Node keeps what did not load under its address.
    return await importModule({ ...again, url: `${again.url}?with-loaders` });
  }
}

/** A module that waits for what never comes would end the process without a word, since nothing keeps that alive. */
const LONGEST_LOADING_S = 10;

function endless(): Error {
  return new Error(`it did not finish within ${LONGEST_LOADING_S} s, and may wait for something that never comes`);
}

function checked(value: unknown, path: string): Omit<FoundConfig, 'path'> {
  const where = basename(path);
  const why = whyNotJson(value);
  if (why !== undefined)
    throw new LanewiseError(
      'input',
      `${where} holds what JSON cannot (${oneLine(why)}): settings are kept as JSON. A module's own inputs may be anything.`,
    );
  if (!isObject(value))
    throw new LanewiseError(
      'input',
      `${where} must ${extname(path) === '.json' ? 'contain an object' : 'have an object as its default export'}.`,
    );
  const { suites = {}, ...rest } = value;
  if (!isObject(suites)) throw new LanewiseError('input', `${where}: "suites" must be an object of suites by name.`);
  return {
    ...settingsIn(rest, where),
    suites: Object.fromEntries(
      Object.entries(suites).map(([name, suite]) => {
        if (!isObject(suite)) throw new LanewiseError('input', `${where}: the suite "${name}" must be an object.`);
        return [name, settingsIn(suite, `${where}, suite "${name}"`)];
      }),
    ),
  };
}

/** Why a value cannot be kept in a journal: a BigInt, an object that contains itself, a getter that throws. */
function whyNotJson(value: unknown): string | undefined {
  try {
    JSON.stringify(value);
    return undefined;
  } catch (thrown) {
    return describeError(thrown).message;
  }
}

function settingsIn({ load: ofLoad = {}, ...rest }: Readonly<Record<string, unknown>>, where: string): Configured {
  if (!isObject(ofLoad)) throw new LanewiseError('input', `${where}: "load" must be an object.`);
  return {
    run: checkValues('run', rest, { in: 'file', others: ['suites', 'load'], where }),
    load: checkValues('load', ofLoad, { in: 'file', where: `${where}, load` }),
  };
}

/**
 * Settings of the suite, if one is given, override those beside the suites.
 *
 * @throws LanewiseError for an unknown suite
 */
export function suiteOf({ path, run, load: ofLoad, suites }: FoundConfig, suite: string | undefined): Configured {
  if (suite === undefined) return { run, load: ofLoad };
  const found = Object.hasOwn(suites, suite) ? suites[suite] : undefined;
  if (found !== undefined) return { run: { ...run, ...found.run }, load: { ...ofLoad, ...found.load } };
  const names = Object.keys(suites);
  throw new LanewiseError(
    'usage',
    `Unknown suite "${suite}" in ${basename(path)}.${didYouMean(suite, names)}${names.length === 0 ? '' : ` Use ${names.join(', ')}.`}`,
  );
}
