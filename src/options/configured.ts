import { existsSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { RunConfig } from './config.ts';
import { LanewiseError } from '../model/errors.ts';
import { isPath } from '../model/module-path.ts';
import type { RunRequest } from './request.ts';
import { requestOfSettings } from './settings.ts';
import { workingFolder } from '../system/working-folder.ts';
import { textOf, type Args } from './args.ts';
import { findConfig, suiteOf } from './config-file.ts';

/** What a configuration file says, as flags would: they come before it. */
export interface Configured {
  readonly request: RunRequest;
  readonly output: { readonly out?: string; readonly format?: readonly string[] };
}

const NOTHING: Configured = { request: {}, output: {} };

/** @throws LanewiseError for a configuration that cannot be, or a suite that there is not */
export async function readConfigured(args: Args): Promise<Configured> {
  const suite = textOf(args, 'suite');
  // A run that is gone on with is as it was asked for.
  if (args.config === false || textOf(args, 'resume') !== undefined) return NOTHING;
  const found = await findConfig(workingFolder());
  if (found !== undefined) return configuredBy(suiteOf(found, suite), dirname(found.path));
  if (suite === undefined) return NOTHING;
  throw new LanewiseError(
    'usage',
    `There is no suite "${suite}", since there is no configuration file: write a lanewise.config.mjs with \`suites\`.`,
  );
}

/** Its paths are seen from the folder of the file. */
function configuredBy({ out, formats, ...settings }: RunConfig, folder: string): Configured {
  const { workloads, strategy, node, ...request } = requestOfSettings(settings, 'the configuration');
  const fromHere = (path: string): string => {
    const way = relative(workingFolder(), resolve(folder, path));
    return isAbsolute(way) || way.startsWith('.') ? way : `./${way}`;
  };
  const isOfFolder = (name: string): boolean =>
    isPath(name) &&
    !name.startsWith('file:') &&
    (/^\.{1,2}[/\\]/.test(name) || existsSync(resolve(folder, name.replace(/#[^#]*$/, ''))));
  const moduleFromHere = (name: string): string => (isOfFolder(name) ? fromHere(name) : name);
  return {
    request: {
      ...request,
      ...(workloads !== undefined && { workloads: workloads.map(moduleFromHere) }),
      ...(strategy !== undefined && { strategy: strategy.map(moduleFromHere) }),
      ...(node !== undefined && { node: node.map((path) => (/[/\\]/.test(path) ? fromHere(path) : path)) }),
    },
    output: { ...(out !== undefined && { out: fromHere(out) }), ...(formats !== undefined && { format: formats }) },
  };
}
