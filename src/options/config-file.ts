import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defaultExport, importModule } from '../../workers/import-module.ts';
import type { LanewiseConfig, RunConfig } from './config.ts';
import { LanewiseError, oneLine } from '../model/errors.ts';
import { whyNotLoaded, withLoaders } from '../measure/type-loader.ts';
import { didYouMean } from '../model/nearest.ts';
import { requestOfSettings } from './settings.ts';

const NAMES = ['lanewise.config.js', 'lanewise.config.mjs', 'lanewise.config.ts', 'lanewise.config.json'];
const OWN_KEYS = ['out', 'formats', 'suites'] as const;

/** A configuration file and what it says. */
export interface FoundConfig {
  readonly path: string;
  readonly config: LanewiseConfig;
}

/** The nearest configuration file, in this folder or one above it; undefined if there is none. @throws LanewiseError if it says what cannot be */
export async function findConfig(folder: string): Promise<FoundConfig | undefined> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const found = NAMES.map((name) => join(at, name)).filter((path) => existsSync(path));
    const [path, other] = found;
    if (path !== undefined && other !== undefined)
      throw new LanewiseError(
        'input',
        `Which one counts, ${basename(path)} or ${basename(other)}? Both are in ${at}: keep one of them.`,
      );
    if (path !== undefined) return { path, config: checked(await load(path), path) };
    if (dirname(at) === at) return undefined;
  }
}

async function load(path: string): Promise<unknown> {
  const ref = withLoaders(pathToFileURL(path).href);
  try {
    if (extname(path) === '.json') return JSON.parse(readFileSync(path, 'utf8'));
    return defaultExport(await importModule(ref));
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    const why = whyNotLoaded(ref, error) ?? `cannot be loaded: ${oneLine(error.message).replace(/\.$/, '')}.`;
    throw new LanewiseError('input', `${basename(path)} ${why}`, { cause });
  }
}

function checked(value: unknown, path: string): LanewiseConfig {
  const where = basename(path);
  if (!isObject(value))
    throw new LanewiseError(
      'input',
      `${where} must ${extname(path) === '.json' ? 'hold' : 'export by default'} an object.`,
    );
  const { suites, ...rest } = value;
  check(rest, where);
  if (suites === undefined) return value;
  if (!isObject(suites))
    throw new LanewiseError('input', `${where}: "suites" must be an object, with a suite by each name.`);
  for (const [name, suite] of Object.entries(suites)) {
    if (!isObject(suite)) throw new LanewiseError('input', `${where}: the suite "${name}" must be an object.`);
    check(suite, `${where}, suite "${name}"`);
  }
  return value;
}

function check(config: Readonly<Record<string, unknown>>, where: string): void {
  const { out, formats, ...settings } = config;
  requestOfSettings(settings, where, OWN_KEYS);
  if (out !== undefined && typeof out !== 'string') throw new LanewiseError('usage', `${where}: "out" must be a text.`);
  if (formats !== undefined && !(Array.isArray(formats) && formats.every((name) => typeof name === 'string')))
    throw new LanewiseError('usage', `${where}: "formats" must be a list of texts.`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What holds for a run: the suite, if one is asked for, before what stands beside the suites. @throws LanewiseError if there is no such suite */
export function suiteOf({ path, config: { suites = {}, ...rest } }: FoundConfig, suite: string | undefined): RunConfig {
  if (suite === undefined) return rest;
  const found = Object.hasOwn(suites, suite) ? suites[suite] : undefined;
  if (found !== undefined) return { ...rest, ...found };
  const names = Object.keys(suites);
  throw new LanewiseError(
    'usage',
    `There is no suite "${suite}" in ${basename(path)}.${didYouMean(suite, names)}${names.length === 0 ? '' : ` There are: ${names.join(', ')}.`}`,
  );
}
