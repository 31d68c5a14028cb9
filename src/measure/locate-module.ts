import { existsSync, statSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { crc32 } from 'node:zlib';
import { moduleResolve } from 'import-meta-resolve';
import type { ModuleRef, LaneError } from '../../workers/contract.ts';
import { RUNTIME_NAMES, runsTypeScript, type Loader } from '../../workers/this-runtime.ts';
import { LanewiseError } from '../model/errors.ts';
import { oneLine } from '../model/text.ts';
import { endingAt, isPackagePath, parseModulePath } from '../model/module-path.ts';
import type { FoundWorkload, WorkloadPlace } from '../model/plan.ts';
import { workingFolder } from '../system/surroundings.ts';

export type LocatedWorkload = Omit<FoundWorkload, 'claims'>;

/** Finds the file of a workload. @throws LanewiseError if there is none, or if it cannot be a module */
export function locateWorkload(place: WorkloadPlace): LocatedWorkload {
  if (place.kind === 'shipped') {
    const url = new URL(`../../bench/${place.module}`, import.meta.url);
    return { ref: { url: url.href }, source: 'shipped', fallbackName: place.name };
  }
  const { ref, exportName, source, fallbackName } = locateModule(place.path, 'workload');
  return {
    ref: { ...ref, ...(exportName !== undefined && { exportName }) },
    source: place.version === undefined ? source : `${source} at ${place.version}`,
    fallbackName,
  };
}

interface LocatedModule {
  readonly ref: ModuleRef;
  readonly exportName: string | undefined;
  /** File name without folder, or package specifier. */
  readonly source: string;
  readonly fallbackName: string;
}

/**
 * Finds the file of a user's module.
 *
 * @param what it exports, for the errors
 * @throws LanewiseError if there is none, or if it cannot be a module
 */
export function locateModule(asked: string, what: Exported): LocatedModule {
  const { path: wanted, exportName } = parseModulePath(asked);
  const isOfPackage = isPackagePath(wanted);
  const path = isOfPackage ? inPackage(wanted, what) : fileAt(wanted, what);
  const suffix = exportName === undefined ? '' : `#${exportName}`;
  const [source, name] = isOfPackage ? [wanted, wanted] : [basename(path), basename(path, extname(path))];
  return {
    ref: withLoaders(pathToFileURL(path).href),
    exportName,
    source: `${source}${suffix}`,
    fallbackName: `${name}${suffix}`,
  };
}

const OR_A_NAME = 'or a name that "lanewise list" shows';

type Exported = 'workload' | 'strategy';

function remedyFor(what: Exported): string {
  return `give the path of a module that exports a ${what}`;
}

function fileAt(asked: string, what: Exported): string {
  // Without the address, which may contain a password.
  if (/^https?:/i.test(asked))
    throw new LanewiseError(
      'input',
      `A ${what} is a module, not the address of a server: ${remedyFor(what)}${A_REQUEST[what]}.`,
    );
  const remedy = remedyFor(what);
  const path = resolve(workingFolder(), asked);
  if (!existsSync(path))
    throw new LanewiseError('input', `There is no file ${asked}: ${remedy}, ${OR_A_NAME}.${withEnding(asked, path)}`);
  if (statSync(path).isDirectory()) throw new LanewiseError('input', `${asked} is a folder: ${remedy}.`);
  if (extname(path) === '.json') throw new LanewiseError('input', `${asked} is JSON, not a module: ${remedy}.`);
  return path;
}

const A_REQUEST: Readonly<Record<Exported, string>> = {
  workload: ', whose task sends the request, for example with fetch',
  strategy: '',
};

/** Suggests a module whose name differs only by its ending, which an import can leave out in CommonJS. */
function withEnding(asked: string, path: string): string {
  const ending = endingAt(path);
  return ending === undefined ? '' : ` Did you mean "${asked}${ending}"?`;
}

/** Resolves it as `import` in the working folder does, or else as `require`, which adds file extensions. */
function inPackage(asked: string, what: Exported): string {
  try {
    return importedAs(asked);
  } catch (cause) {
    const required = requiredAs(asked);
    if (required !== undefined) return required;
    const isNotExported = (cause as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
    const why = isNotExported
      ? `The package of ${asked} has no such module among its exports`
      : `There is no file ${asked}, and no package here has such a module`;
    throw new LanewiseError('input', `${why}: ${remedyFor(what)}, ${OR_A_NAME}.`, { cause });
  }
}

/** The conditions of `import` in this Node. */
const CONDITIONS = new Set([
  'node',
  'import',
  'node-addons',
  ...('require_module' in process.features && process.features.require_module ? ['module-sync'] : []),
]);

/** A program in the working folder, which need not be there. */
function aProgram(): URL {
  return pathToFileURL(join(workingFolder(), 'lanewise.js'));
}

/** The file that `import` finds. @throws the error of Node if it finds none */
function importedAs(specifier: string): string {
  return fileURLToPath(moduleResolve(specifier, aProgram(), CONDITIONS));
}

function requiredAs(specifier: string): string | undefined {
  try {
    return createRequire(aProgram()).resolve(specifier);
  } catch {
    return undefined;
  }
}

/** Whether a program here finds that file by the specifier of its package, with `import` and, if it has it, `require`. */
export function isFoundAs(specifier: string, file: string, format: 'esm' | 'cjs'): boolean {
  try {
    return importedAs(specifier) === file && (format === 'esm' || requiredAs(specifier) === file);
  } catch {
    return false;
  }
}

function isTypeScript(url: string): boolean {
  return /\.[cm]?tsx?$/.test(url);
}

/** A module with the loaders that it may need: tsx, if it is TypeScript, and that is installed beside it or here. */
export function withLoaders(url: string): ModuleRef {
  const loaders = isTypeScript(url) ? loadersFor(url) : [];
  if (loaders.length === 0) return { url };
  // A module that only a loader has loaded here may need one elsewhere, too.
  return runsTypeScript() ? { url, loaders } : { url, loaders, needsLoaders: true };
}

function loadersFor(url: string): readonly string[] {
  const folders = [new URL(url), aProgram()];
  return folders.map(tsxFrom).find((loaders) => loaders.length > 0) ?? [];
}

/** Loaders for CommonJS and for ES modules. */
function tsxFrom(parent: URL): readonly string[] {
  try {
    return ['tsx/cjs/api', 'tsx/esm/api'].map((name) => moduleResolve(name, parent, new Set(['node', 'import'])).href);
  } catch {
    return [];
  }
}

/**
 * The module with its loaders, if it may load with them and has not without: TypeScript that has more than types to
 * leave out, or imports files by the names that they would have as JavaScript.
 */
export function neededLoaders(ref: ModuleRef, error: LaneError): ModuleRef | undefined {
  if (ref.loaders === undefined || ref.needsLoaders === true) return undefined;
  return isAboutSyntax(error) || NOT_FOUND.test(error.message) ? { ...ref, needsLoaders: true } : undefined;
}

const NOT_FOUND = /Cannot find (?:module|package) /;

function isAboutSyntax({ name, message }: LaneError): boolean {
  return (
    name === 'SyntaxError' ||
    /Unknown file extension|Unexpected token|Unexpected identifier|strip-only mode/.test(message)
  );
}

/**
 * Why a TypeScript module could not be loaded, with a remedy, to follow its name; undefined if there is another reason.
 */
export function whyNotLoaded(
  { url, loaders, needsLoaders }: ModuleRef,
  error: LaneError,
  { runtime: { name, version }, runsTypeScript: runs }: Loader,
): string | undefined {
  if (!isTypeScript(url) || needsLoaders === true) return undefined;
  const by = `${RUNTIME_NAMES[name]} ${name === 'node' ? 'v' : ''}${version}`;
  const message = oneLine(error.message);
  const install = loaders === undefined ? 'install tsx beside it (npm install --save-dev tsx), ' : '';
  if (runs && loaders === undefined && /Cannot find module '[^']*\.[cm]?js'/.test(message))
    return `cannot be loaded: on import it threw ${error.name}: ${message}. If that is TypeScript, too: ${by} finds it only by the ending of its file, as import './util.ts'; or install tsx beside it (npm install --save-dev tsx).`;
  if (!isAboutSyntax(error)) return undefined;
  if (runs && IS_COMMONJS.test(message))
    return `is TypeScript that ${by} takes for CommonJS, by its package.json or its name (${message}): rename it to .mts, or put "type": "module" into its package.json.`;
  return runs
    ? `is TypeScript that ${by} cannot run by leaving out its types (${message}): ${install}write it without enums, namespaces, parameter properties and decorators, or compile it to JavaScript first.`
    : `is TypeScript, which ${by} does not run by itself: ${install}use Node 22.18 or later, or compile it to JavaScript first.`;
}

/** Messages of V8 about an ES module that is loaded as CommonJS. */
const IS_COMMONJS = /Cannot use import statement outside a module|Unexpected token 'export'/;

/** The remedy where Node loaded a module in the other format, or a package is missing; empty for any other error. */
export function formatRemedy({ name, message }: Pick<LaneError, 'name' | 'message'>): string {
  if (name === 'SyntaxError' && IS_COMMONJS.test(message))
    return ' It is an ES module: name it .mjs, or put "type": "module" into its package.json.';
  if (name === 'ReferenceError' && /^(?:require|module|exports) is not defined\b/.test(message))
    return ' It is CommonJS: name it .cjs, or use `import` and `export`.';
  const { imported, required } = MISSING_PACKAGE.exec(message)?.groups ?? {};
  const missing = imported ?? required;
  return missing === undefined ? '' : ` Install it: npm install ${missing}.`;
}

/** Node’s words for a name that is no path: by `import`, by `require`. The rest of the name is a part of the package. */
const MISSING_PACKAGE =
  /^Cannot find (?:package '(?<imported>(?:@[\w.-]+\/)?[\w.-]+)[^']*' imported from|module '(?<required>(?:@[\w.-]+\/)?\w[\w.-]*)[^']*'\s*Require stack)/;

/** A module whose file is watched, without its imports. */
export interface ModuleFile {
  readonly url: string;
  readonly source: string;
}

export function moduleChecksum({ url }: Pick<ModuleFile, 'url'>): string {
  return checksum(readFileSync(fileURLToPath(url)));
}

export function checksum(content: string | Buffer): string {
  return crc32(content).toString(16);
}

/** Samples before and after a change are not comparable, so the group has no verdict. */
export class ModuleChangedError extends Error {
  override readonly name = 'ModuleChangedError';
}

/**
 * Records the state of the files and of Lanewise itself, which hosts of later blocks load too. Call the result after
 * each block.
 *
 * @throws ModuleChangedError if a file has changed by then
 */
export function watchModules(modules: readonly ModuleFile[]): () => void {
  const before = modules.map((module) => orGone(() => moduleChecksum(module)));
  const own = orGone(ownChecksum);
  return () => {
    for (const [index, module] of modules.entries()) {
      const now = orGone(() => moduleChecksum(module));
      if (now === before[index]) continue;
      throw new ModuleChangedError(
        `${module.source} was ${now === GONE ? 'removed' : 'rewritten'} while it was measured, so its samples are not comparable. Measure again without changing the file`,
      );
    }
    if (orGone(ownChecksum) !== own)
      throw new ModuleChangedError(
        'Lanewise itself was built or updated while it measured, so its samples are not comparable. Measure again',
      );
  };
}

const GONE = 'gone';

function orGone(look: () => string): string {
  try {
    return look();
  } catch {
    return GONE;
  }
}

/** The folders that hosts and lanes load their code from: their files are bundles of all that they import. */
const LOADED_BY_HOSTS = ['workers', 'src/lanes'];

/** A checksum of sizes and times, since it is taken after every block. A build of unchanged sources preserves them. */
function ownChecksum(): string {
  const facts = LOADED_BY_HOSTS.flatMap((name) => {
    const folder = fileURLToPath(new URL(`../../${name}/`, import.meta.url));
    const files = readdirSync(folder).filter((file) => file.endsWith('.js'));
    return files.toSorted().map((file) => {
      const { size, mtimeMs } = statSync(join(folder, file));
      return `${file} ${size} ${mtimeMs}`;
    });
  });
  return checksum(facts.join('\n'));
}
