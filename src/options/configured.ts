import { existsSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { hasPool, isQueue, moved } from '../model/asked-strategy.ts';
import { LanewiseError } from '../model/errors.ts';
import { isPath } from '../model/module-path.ts';
import { workingFolder } from '../system/surroundings.ts';
import { findConfig, suiteOf, type Configured } from './config-file.ts';
import { AROUND } from './around.ts';
import type { CommandName } from './option.ts';
import { namesIn, optionsOf, spelled, type ValuesOf } from './table.ts';

type Run = ValuesOf<'run'>;
/** Settings of `run` and of `load`. */
type Settings = Run & Partial<ValuesOf<'load'>>;
/** Options that all these commands have. */
type Flags = Omit<Run, 'uvThreads'>;

/**
 * Completes a command's flags with the settings of the configuration file that apply to it.
 *
 * @throws LanewiseError for an invalid configuration file, or an unknown suite
 */
export async function withConfiguration<Command extends 'run' | 'tune' | 'load'>(
  command: Command,
  flags: ValuesOf<Command> & Flags,
): Promise<ValuesOf<Command>> {
  const file = withoutOverruled(await readConfigured(command, flags), flags);
  const ofCommand = namesIn(command, 'file');
  const kept = Object.entries(file).filter(([name]) => ofCommand.has(name));
  const params = file.params && flags.params && { params: { ...file.params, ...flags.params } };
  return { ...Object.fromEntries(kept), ...flags, ...params };
}

async function readConfigured(command: CommandName, { suite, config, resume }: Flags): Promise<Settings> {
  // A resumed run keeps the settings it was started with.
  if (config === false || resume !== undefined) return {};
  const found = await findConfig(workingFolder());
  if (found !== undefined) {
    const settings = suiteOf(found, suite);
    return seenFrom(dirname(found.path), command === 'load' ? forLoad(settings) : settings.run);
  }
  if (suite === undefined) return {};
  throw new LanewiseError(
    'usage',
    `Unknown suite "${suite}": there is no configuration file. Write a lanewise.config.mjs with \`suites\`.`,
  );
}

/** Settings of a run apply to a load, too, but those of its report; a list of workloads only if it fits. */
function forLoad({ run: { workloads = [], out: _out, formats: _formats, ...rest }, load }: Configured): Settings {
  const fits = workloads.length === (rest.versus === true ? 2 : 1);
  return { ...rest, ...(fits && { workload: workloads }), ...load };
}

/** Resolves the paths in a configuration file from its folder. */
function seenFrom(folder: string, { workloads, workload, strategies, runtimes, out, ...rest }: Settings): Settings {
  const fromHere = (path: string): string => {
    const fromWorkingFolder = relative(workingFolder(), resolve(folder, path));
    return isAbsolute(fromWorkingFolder) || fromWorkingFolder.startsWith('.')
      ? fromWorkingFolder
      : `./${fromWorkingFolder}`;
  };
  const isOfFolder = (name: string): boolean =>
    isPath(name) &&
    !name.startsWith('file:') &&
    (/^\.{1,2}[/\\]/.test(name) || existsSync(resolve(folder, name.replace(/#[^#]*$/, ''))));
  const moduleFromHere = (name: string): string => (isOfFolder(name) ? fromHere(name) : name);
  return {
    ...rest,
    ...(workloads && { workloads: workloads.map(moduleFromHere) }),
    ...(workload && { workload: workload.map(moduleFromHere) }),
    ...(strategies && { strategies: strategies.map((one) => moved(one, moduleFromHere)) }),
    ...(runtimes && { runtimes: runtimes.map((path) => (/[/\\]/.test(path) ? fromHere(path) : path)) }),
    ...(out !== undefined && { out: fromHere(out) }),
  };
}

/**
 * Drops settings that a flag overrides under another name, and those that no strategy given by a flag uses: the
 * concurrency without a pool, the server without a queue.
 */
function withoutOverruled(file: Settings, flags: Flags): Settings {
  const { input, inputs, concurrency, queueServer, queueUrl, versus, versusRef, params, ...rest } = file;
  const asksForInputs = 'input' in flags || flags.inputs !== undefined;
  const asked = Object.entries(params ?? {}).filter(([name]) => flags.params?.[name] === undefined);
  return {
    ...rest,
    ...(!asksForInputs && 'input' in file && { input }),
    ...(!asksForInputs && inputs && { inputs }),
    ...((flags.strategies?.some(hasPool) ?? true) && concurrency && { concurrency }),
    ...((flags.strategies?.some(isQueue) ?? true) && {
      ...(queueServer !== undefined && { queueServer }),
      ...(queueUrl !== undefined && { queueUrl }),
    }),
    ...(flags.versusRef === undefined && versus !== undefined && { versus }),
    ...(flags.versus !== true && versusRef !== undefined && { versusRef }),
    ...(params && { params: Object.fromEntries(asked) }),
  };
}

/**
 * Flags allowed beside --resume. Those of Node must be the same: the journal alone may not decide to load code. The
 * address of a server is not in the journal, since it contains a password.
 */
const BESIDE_RESUME: ReadonlySet<string> = new Set(['timeLimitMs', 'nodeOptions', 'queueUrl']);

/** Checks the flags beside --resume. @throws LanewiseError if one would change what is measured */
export function checkResuming(
  command: 'run' | 'load',
  values: Pick<Run, 'resume' | 'workloads'> & Pick<ValuesOf<'load'>, 'workload'>,
): void {
  if (values.resume === undefined) return;
  const given = new Set(Object.keys(values));
  const option = optionsOf(command).find(
    ([name]) => given.has(name) && (name === 'out' || (!BESIDE_RESUME.has(name) && !Object.hasOwn(AROUND, name))),
  );
  if (option === undefined) return;
  const other = values.workloads?.[0] ?? values.workload?.[0] ?? spelled(...option);
  throw new LanewiseError(
    'usage',
    `${other} cannot be changed by --resume, which continues a ${command === 'run' ? 'run' : 'measurement'} as it was started. Leave it out.`,
  );
}

/** Checks the flags that compare. @throws LanewiseError for one without effect, or two questions for one exit status */
export function checkComparing(
  command: 'run' | 'load',
  { resume, versus, versusRef, against, failOn, force }: Run,
): void {
  // A resumed run has its comparison in its journal.
  if (resume !== undefined) return;
  const isVersus = versus === true || versusRef !== undefined;
  if (isVersus && against !== undefined)
    throw new LanewiseError(
      'usage',
      'Give either --versus, --versus-ref or --against: the exit status can answer only one question.',
    );
  if (failOn !== undefined && !isVersus && against === undefined)
    throw new LanewiseError('usage', '--fail-on needs a comparison: --versus, --versus-ref or --against.');
  // With load it allows many requests.
  if (command === 'run' && force === true && against === undefined)
    throw new LanewiseError('usage', '--force needs --against.');
}
